import { Button, Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ComponentInfo, JobView, ProjectInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { titleOf } from "@/shared/jobs/words";
import { carbon, wattHours } from "@/shared/words/energy";
import { apart, listed } from "@/shared/words/list";
import { ago, moment, roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "../Models.module.css";
import { Predicting } from "../Predicting";
import { judgements, splitName } from "../reports";
import { SPLITS } from "../search";
import { coverage, predicted, quality } from "../words";
import { DeleteArtefact } from "./DeleteArtefact";
import { type Artefact, type Line, type Made, makerOf } from "./lineage";

interface Props {
  line: Line;
  made: Made;
  makers: ReadonlyMap<string, JobView>;
  project: ProjectInfo;
  components: readonly ComponentInfo[] | undefined;
  mayChange: boolean;
  /** Whether no more models can be chosen. */
  full: boolean;
  chosen: boolean;
  onChoose: (name: string, on: boolean) => void;
}

type Open = "predict" | "delete" | null;

/** Something that was computed: from what, how good or large, when, by whom and what it took. */
export function ArtefactLine(props: Props) {
  const { line, made, project, components, mayChange, full, chosen, onChoose } = props;
  const { artefact, depth, from } = line;
  const [open, setOpen] = useState<Open>(null);
  const name = artefact.kind === "predictions" ? onWhat(artefact) : artefact.of.name;
  const trained = artefact.kind === "model" && artefact.of.kind === "model";
  return (
    <li className={classes.line} style={{ "--depth": depth }} data-depth={depth}>
      <div className={classes.what}>
        <h3>
          {artefact.kind === "model" ? (
            <Link
              to="/projects/$slug/models/$model"
              params={{ slug: project.slug, model: artefact.of.name }}
              dir="auto"
            >
              {name}
            </Link>
          ) : (
            <span dir="auto">{name}</span>
          )}
        </h3>
        <span className={classes.kind}>{whatIs(artefact, components)}</span>
        {artefact.kind === "model" && <p className={classes.quality}>{quality(artefact.of)}</p>}
        <p>{apart([...about(artefact, project), ...origin(from, artefact)])}</p>
        <Facts artefact={artefact} makers={props.makers} />
      </div>
      <div className={classes.acts}>
        {artefact.kind === "model" && judgements(artefact.of).length > 0 && (
          <Checkbox
            label={t("Compare")}
            aria-label={t("Compare {{name}}", { name })}
            checked={chosen}
            disabled={full && !chosen}
            onChange={(event) => onChoose(name, event.currentTarget.checked)}
          />
        )}
        {mayChange && open === null && trained && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("Predict with {{name}}", { name })}
            onClick={() => setOpen("predict")}
          >
            {t("Predict")}
          </Button>
        )}
        {mayChange &&
          open === null &&
          artefact.kind !== "predictions" &&
          !isLabelling(artefact) && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={t("Delete {{name}}…", { name })}
              onClick={() => setOpen("delete")}
            >
              {t("Delete…")}
            </Button>
          )}
      </div>
      {open === "predict" && artefact.kind === "model" && (
        <Predicting model={artefact.of} project={project} onDone={() => setOpen(null)} />
      )}
      {open === "delete" && artefact.kind !== "predictions" && (
        <DeleteArtefact slug={project.slug} line={line} made={made} onDone={() => setOpen(null)} />
      )}
    </li>
  );
}

/** A labelling is deleted with its prompt and costs where it was made. */
function isLabelling(artefact: Artefact): boolean {
  return artefact.kind === "model" && artefact.of.kind === "labeller";
}

function whatIs(artefact: Artefact, components: readonly ComponentInfo[] | undefined): string {
  switch (artefact.kind) {
    case "feature":
      return t("feature, {{title}}", {
        title: titleOf("feature", artefact.of.component, { components }),
      });
    case "model": {
      const title = titleOf(artefact.of.kind, artefact.of.component, { components });
      return artefact.of.kind === "labeller"
        ? t("labelling, {{title}}", { title })
        : t("model, {{title}}", { title });
    }
    case "predictions":
      return t("predictions of {{name}}", { name: artefact.of.name });
    case "map":
      return t("map, {{title}}", {
        title: titleOf("projection", artefact.of.component, { components }),
      });
    case "topics":
      return t("topics, {{title}}", {
        title: titleOf("topics", artefact.of.component, { components }),
      });
  }
}

function about(artefact: Artefact, { n_rows }: ProjectInfo): string[] {
  switch (artefact.kind) {
    case "feature":
      return [coverage(artefact.of, n_rows)];
    case "model":
      return artefact.of.kind === "labeller"
        ? [t("asked for {{scheme}}", { scheme: artefact.of.scheme })]
        : [
            t("learnt {{scheme}} from {{count}} texts", {
              scheme: artefact.of.scheme,
              count: artefact.of.n_train,
            }),
          ];
    case "predictions":
      return [
        artefact.on === "complete"
          ? predicted(artefact.n, n_rows)
          : t("{{count}} texts", { count: artefact.n }),
      ];
    case "map":
      return [t("{{count}} texts", { count: artefact.of.rows })];
    case "topics":
      return [t("{{count}} topics", { count: artefact.of.topics.length })];
  }
}

function origin(from: Line["from"], { kind }: Artefact): string[] {
  if (kind === "predictions" || from.length === 0) return [];
  const names = listed(
    from.map((name) => name ?? t("a feature that was deleted")),
    t("and"),
  );
  return [t("from {{names}}", { names })];
}

function onWhat({ on }: Extract<Artefact, { kind: "predictions" }>): string {
  if (on === "complete") return t("Predictions of the corpus");
  const split = SPLITS.find((each) => each === on);
  return split === undefined
    ? t("Predictions of a file")
    : t("Predictions of the {{split}} split", { split: splitName(split) });
}

/** When it was made and by whom, and what it took. */
function Facts({ artefact, makers }: Pick<Props, "makers"> & { artefact: Artefact }) {
  const now = useServerNow(60_000);
  const job = makerOf(artefact, makers);
  const at = artefact.kind === "predictions" ? (job?.finished_at ?? null) : artefact.of.created_at;
  const took = [
    ...(job?.seconds == null ? [] : [roughTime(job.seconds)]),
    ...(job?.wh == null ? [] : [wattHours(job.wh)]),
    ...(job?.g_co2e == null ? [] : [carbon(job.g_co2e)]),
  ];
  if (at === null && took.length === 0) return null;
  return (
    <p className={classes.facts}>
      {at !== null && (
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
      )}
      {job !== undefined && <span dir="auto">{t("by {{name}}", { name: job.user })}</span>}
      {took.length > 0 && <span>{t("took {{cost}}", { cost: took.join(", ") })}</span>}
    </p>
  );
}
