import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { slugged } from "@/shared/words/slug";
import { t } from "@/shared/words/translate";
import { changeScheme, type Place, showScheme } from "./api";
import classes from "./Scheme.module.css";
import { overlapWords } from "./words";

/** A scheme's name, and how many people code each text. */
export function SchemeSettings({ place, scheme }: { place: Place; scheme: SchemeInfo }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState<string | null>(null);
  const [overlap, setOverlap] = useState<number | null>(null);
  const wanted = { name: slugged(name ?? scheme.name), overlap: overlap ?? scheme.overlap };
  const changed = wanted.name !== scheme.name || wanted.overlap !== scheme.overlap;
  const saving = useMutation({
    mutationFn: () => changeScheme(place, wanted),
    onSuccess: async (now) => {
      if (now.name !== place.scheme) {
        await navigate({
          to: "/projects/$slug/schemes/$scheme",
          params: { slug: place.slug, scheme: now.name },
          replace: true,
          // It is the same page: a draft of the codebook goes along.
          ignoreBlocker: true,
        });
      }
      showScheme(client, place.slug, now);
      setName(null);
      setOverlap(null);
    },
  });
  return (
    <section aria-labelledby="settings" className={classes.section}>
      <h2 id="settings">{t("Settings")}</h2>
      <form
        className={classes.settings}
        aria-labelledby="settings"
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <TextInput
          label={t("Name of the scheme")}
          value={name ?? scheme.name}
          autoCapitalize="none"
          spellCheck={false}
          description={
            name !== null && wanted.name !== name && wanted.name !== ""
              ? t("Saved as {{name}}", { name: wanted.name })
              : t("Addresses of its pages change with it.")
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={t("Overlap")}
          description={overlapWords(wanted.overlap)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={1}
          max={100}
          allowDecimal={false}
          value={wanted.overlap}
          onChange={(value) => setOverlap(Number(value) || 1)}
        />
        {saving.error && <Notice error={saving.error} />}
        <Button
          type="submit"
          variant="default"
          loading={saving.isPending}
          disabled={!changed || wanted.name === ""}
        >
          {t("Save")}
        </Button>
      </form>
    </section>
  );
}
