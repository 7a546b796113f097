import { Button } from "@mantine/core";
import { useState } from "react";
import type { ComponentInfo, FeatureInfo, ModelInfo, ProjectInfo } from "@/api/schema";
import { predictWith } from "@/shared/artefacts/api";
import { useServerNow } from "@/shared/clock";
import { Estimate, useEstimate } from "@/shared/jobs/Estimate";
import { useStart } from "@/shared/jobs/useStart";
import { titleOf } from "@/shared/jobs/words";
import { Notice } from "@/shared/ui/Notice";
import { counted } from "@/shared/words/number";
import { ago } from "@/shared/words/time";
import classes from "./Artefacts.module.css";
import { predicted, quality } from "./words";

interface Props {
  model: ModelInfo;
  project: ProjectInfo;
  features: readonly FeatureInfo[];
  components: readonly ComponentInfo[] | undefined;
}

/** A model that was trained: how good it is, and what it has predicted. */
export function ModelLine({ model, project, features, components }: Props) {
  const now = useServerNow(60_000);
  const [asking, setAsking] = useState(false);
  const read = model.features.map(
    (id) => features.find((feature) => feature.id === id)?.name ?? "a feature that was deleted",
  );
  const reads = read.length === 0 ? "" : ` on ${read.join(", ")}`;
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3>{model.name}</h3>
        <span className={classes.kind}>
          {model.kind === "labeller" ? "labelling" : "model"},{" "}
          {titleOf(model.kind, model.component, { components })}
          {reads}
        </span>
        <p className={classes.quality}>{capital(quality(model))}</p>
        <p>
          {model.kind === "labeller"
            ? `Asked for ${model.scheme}, made ${ago(model.created_at, now)}`
            : `Learnt ${model.scheme} from ${counted(model.n_train, "text")} ${ago(model.created_at, now)}`}
          ; {predicted(model, project.n_rows)}
        </p>
      </div>
      {project.role === "manager" && model.kind === "model" && !asking && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Predict with ${model.name}`}
          onClick={() => setAsking(true)}
        >
          Predict
        </Button>
      )}
      {asking && <Predicting model={model} project={project} onDone={() => setAsking(false)} />}
    </li>
  );
}

interface PredictingProps {
  model: ModelInfo;
  project: ProjectInfo;
  onDone: () => void;
}

function Predicting({ model, project, onDone }: PredictingProps) {
  const estimate = useEstimate(project.slug, { kind: "predict", model: model.name });
  const starting = useStart(predictWith, project.slug, onDone);
  return (
    <div className={classes.predicting}>
      {starting.error && <Notice error={starting.error} />}
      <Estimate estimate={estimate} />
      <Button variant="default" onClick={onDone}>
        Cancel
      </Button>
      <Button
        loading={starting.isPending}
        disabled={estimate?.refusal != null}
        onClick={() => starting.mutate(model.name)}
      >
        Predict {counted(project.n_rows, "text")}
      </Button>
    </div>
  );
}

function capital(sentence: string): string {
  return sentence.replace(/^./, (first) => first.toUpperCase());
}
