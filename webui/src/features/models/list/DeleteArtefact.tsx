import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Notice } from "@/shared/ui/Notice";
import { listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import { type Deletable, deleteArtefact } from "../api";
import classes from "../Models.module.css";
import { type Consequences, consequences, type Line, type Made } from "./lineage";

interface Props {
  slug: string;
  line: Line;
  made: Made;
  onDone: () => void;
}

/** Says what goes with something before it is deleted. */
export function DeleteArtefact({ slug, line, made, onDone }: Props) {
  const client = useQueryClient();
  const { kind, of } = line.artefact;
  const deleting = useMutation({
    mutationFn: () => deleteArtefact(slug, kind as Deletable, of.name),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", slug] });
      onDone();
    },
  });
  return (
    <fieldset className={classes.deleting}>
      <legend className={classes.unseen}>{t("Delete {{name}}", { name: of.name })}</legend>
      {deleting.error && <Notice error={deleting.error} />}
      <p>{[...said(consequences(line, made)), ending(kind as Deletable)].join(" ")}</p>
      <div>
        <Button variant="default" autoFocus onClick={onDone}>
          {t("Keep it")}
        </Button>
        <Button
          variant="default"
          c="var(--bad)"
          loading={deleting.isPending}
          onClick={() => deleting.mutate()}
        >
          {t("Delete {{name}}", { name: of.name })}
        </Button>
      </div>
    </fieldset>
  );
}

function said({ predictions, models, drawings }: Consequences): string[] {
  return [
    ...(predictions > 0 ? [t("What it has predicted goes with it, and its exports.")] : []),
    ...(models.length > 0
      ? [
          t("What was learnt from it stays, and can predict no more: {{names}}.", {
            names: listed(models, t("and")),
          }),
        ]
      : []),
    ...(drawings.length > 0
      ? [
          t("What was drawn from it stays as it is: {{names}}.", {
            names: listed(drawings, t("and")),
          }),
        ]
      : []),
  ];
}

function ending(kind: Deletable): string {
  if (kind === "feature") return t("Annotations stay. A feature can be computed again.");
  if (kind === "model") return t("Annotations stay. A deleted model cannot be brought back.");
  if (kind === "map") return t("A map can be made again.");
  return t("Schemes and features made of them stay; names given to topics are lost.");
}
