import { Button, Checkbox, MultiSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectState } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { copyProject } from "./api";
import classes from "./Settings.module.css";

/** Makes another project of the same texts, in which nothing is coded yet. */
export function CopyProject({ state }: { state: ProjectState }) {
  const { project } = state;
  const names = state.schemes.map((scheme) => scheme.name);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [schemes, setSchemes] = useState<string[]>(names);
  const [members, setMembers] = useState(true);
  const copying = useMutation({
    mutationFn: () => copyProject(project.slug, { name: name.trim(), schemes, members }),
    onSuccess: async (made) => {
      void client.invalidateQueries({ queryKey: ["projects"] });
      await navigate({ to: "/projects/$slug", params: { slug: made.slug } });
    },
  });
  return (
    <section aria-labelledby="copy" className={classes.section}>
      <h2 id="copy">{t("Duplicate")}</h2>
      <p>
        {t(
          "Another project of the same texts, with the labels and codebooks of these schemes. Nothing in it is coded yet.",
        )}
      </p>
      <form
        className={classes.form}
        aria-labelledby="copy"
        onSubmit={(event) => {
          event.preventDefault();
          copying.mutate();
        }}
      >
        <div className={classes.pair}>
          <TextInput
            label={t("Name of the copy")}
            maxLength={100}
            dir="auto"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {names.length > 0 && (
            <MultiSelect
              label={t("Schemes to copy")}
              data={names}
              value={schemes}
              onChange={setSchemes}
            />
          )}
        </div>
        <Checkbox
          label={t("The same members")}
          checked={members}
          onChange={(event) => setMembers(event.currentTarget.checked)}
        />
        {copying.error && <Notice error={copying.error} />}
        <Button
          type="submit"
          variant="default"
          loading={copying.isPending}
          disabled={name.trim() === ""}
        >
          {t("Make the copy")}
        </Button>
      </form>
    </section>
  );
}
