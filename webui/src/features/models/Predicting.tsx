import { Button } from "@mantine/core";
import type { ModelInfo, ProjectInfo } from "@/api/schema";
import { predictWith } from "@/shared/artefacts/api";
import { Estimate, useEstimate } from "@/shared/jobs/Estimate";
import { useStart } from "@/shared/jobs/useStart";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import classes from "./Models.module.css";

interface Props {
  model: ModelInfo;
  project: ProjectInfo;
  onDone: () => void;
}

/** What predicting the corpus would take, and the button that starts it. */
export function Predicting({ model, project, onDone }: Props) {
  const estimate = useEstimate(project.slug, { kind: "predict", model: model.name });
  const starting = useStart(predictWith, project.slug, onDone);
  return (
    <div className={classes.asking}>
      {starting.error && <Notice error={starting.error} />}
      <Estimate estimate={estimate} />
      <Button variant="default" onClick={onDone}>
        {t("Cancel")}
      </Button>
      <Button
        loading={starting.isPending}
        disabled={estimate?.refusal != null}
        onClick={() => starting.mutate(model.name)}
      >
        {t("Predict {{count}} texts", { count: project.n_rows })}
      </Button>
    </div>
  );
}
