import { Button, Checkbox, NumberInput, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Checks, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { type Place, setChecks } from "../api";
import classes from "../Quality.module.css";
import { checksWords, sameChecks } from "./words";

const USUAL: Checks = { every: 20, feedback: false };

/** Whether, and how often, people are given texts whose answer is known. */
export function ChecksForm({ place, scheme }: { place: Place; scheme: SchemeInfo }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Checks | null | undefined>(undefined);
  const checks = draft === undefined ? scheme.checks : draft;
  const saving = useMutation({
    mutationFn: () => setChecks(place, checks),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", place.slug] });
      setDraft(undefined);
    },
  });
  return (
    <section aria-labelledby="checks" className={classes.section}>
      <h2 id="checks">{t("Checks")}</h2>
      <p>{checksWords(checks)}</p>
      <form
        className={classes.checks}
        aria-labelledby="checks"
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <Switch
          label={t("Slip gold texts in")}
          checked={checks !== null}
          onChange={(event) =>
            setDraft(event.currentTarget.checked ? (scheme.checks ?? USUAL) : null)
          }
        />
        {checks !== null && (
          <>
            <NumberInput
              label={t("One among so many texts, on average")}
              min={2}
              max={1000}
              allowDecimal={false}
              clampBehavior="blur"
              value={checks.every ?? 20}
              onChange={(value) => setDraft({ ...checks, every: Number(value) || 2 })}
            />
            <Checkbox
              label={t("Tell people at once whether they were right")}
              checked={checks.feedback ?? false}
              onChange={(event) => setDraft({ ...checks, feedback: event.currentTarget.checked })}
            />
          </>
        )}
        {saving.error && <Notice error={saving.error} />}
        <Button
          type="submit"
          variant="default"
          loading={saving.isPending}
          disabled={sameChecks(checks, scheme.checks)}
        >
          {t("Save the checks")}
        </Button>
      </form>
    </section>
  );
}
