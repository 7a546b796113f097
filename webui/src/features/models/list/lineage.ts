import type { FeatureInfo, JobView, ModelInfo, ProjectionInfo, TopicsInfo } from "@/api/schema";
import type { Kind } from "../search";

/** Something that was computed, with what it was computed from. */
export type Artefact =
  | { readonly kind: "feature"; readonly of: FeatureInfo }
  | { readonly kind: "model"; readonly of: ModelInfo }
  | {
      readonly kind: "predictions";
      readonly of: ModelInfo;
      readonly on: string;
      readonly n: number;
    }
  | { readonly kind: "map"; readonly of: ProjectionInfo }
  | { readonly kind: "topics"; readonly of: TopicsInfo };

/** A line of the list: how deep it lies below what it comes from. */
export interface Line {
  readonly key: string;
  readonly depth: number;
  readonly artefact: Artefact;
  /** Names of what it was computed from; null stands for what was deleted. */
  readonly from: readonly (string | null)[];
}

export interface Made {
  readonly features: readonly FeatureInfo[];
  readonly models: readonly ModelInfo[];
  readonly maps: readonly ProjectionInfo[];
  readonly topics: readonly TopicsInfo[];
}

/**
 * Put everything below what it comes from: a feature, its maps, topics and models, and a model's
 * predictions. What reads several features stands below the first that is there.
 */
export function lineage({ features, models, maps, topics }: Made): readonly Line[] {
  const names = new Map(features.map(({ id, name }) => [id, name]));
  const home = ({ features: read }: ModelInfo) => read.find((id) => names.has(id));
  const ofModel = (model: ModelInfo, depth: number): Line[] => [
    {
      key: `model ${model.id}`,
      depth,
      artefact: { kind: "model", of: model },
      from: model.features.map((id) => names.get(id) ?? null),
    },
    ...predictionsOf(model).map(({ on, n }) => ({
      key: `predictions ${model.id} ${on}`,
      depth: depth + 1,
      artefact: { kind: "predictions" as const, of: model, on, n },
      from: [model.name],
    })),
  ];
  const drawn = (name: string | null, depth: number): Line[] => [
    ...maps
      .filter(({ feature }) => feature === name)
      .map((of) => ({
        key: `map ${of.id}`,
        depth,
        artefact: { kind: "map" as const, of },
        from: [name],
      })),
    ...topics
      .filter(({ feature }) => feature === name)
      .map((of) => ({
        key: `topics ${of.id}`,
        depth,
        artefact: { kind: "topics" as const, of },
        from: [name],
      })),
  ];
  return [
    ...features.flatMap((feature) => [
      {
        key: `feature ${feature.id}`,
        depth: 0,
        artefact: { kind: "feature" as const, of: feature },
        from: [],
      },
      ...models.filter((model) => home(model) === feature.id).flatMap((each) => ofModel(each, 1)),
      ...drawn(feature.name, 1),
    ]),
    ...models.filter((model) => home(model) === undefined).flatMap((each) => ofModel(each, 0)),
    ...drawn(null, 0),
  ];
}

function predictionsOf({ predicted_rows, predicted }: ModelInfo): { on: string; n: number }[] {
  return [
    ...(predicted_rows === null ? [] : [{ on: "complete", n: predicted_rows }]),
    ...Object.entries(predicted).map(([on, n]) => ({ on, n })),
  ].filter(({ on, n }) => on !== "complete" || n > 0);
}

/** Keep one kind, in a row; where all are shown they keep their places. */
export function ofKind(lines: readonly Line[], kind: Kind | undefined): readonly Line[] {
  if (kind === undefined) return lines;
  return lines
    .filter(({ artefact }) => artefact.kind === kind)
    .map((line) => ({ ...line, depth: 0 }));
}

/** How many there are of each kind. */
export function counts(lines: readonly Line[]): Readonly<Record<Kind, number>> {
  const found = { feature: 0, model: 0, predictions: 0, map: 0, topics: 0 };
  for (const { artefact } of lines) found[artefact.kind] += 1;
  return found;
}

const MAKERS: Readonly<Record<string, string>> = {
  feature: "feature",
  train: "model",
  projection: "projection",
  topics: "topics",
};

/** The jobs by the id of what they made: the first one, whatever was extended since. */
export function makers(jobs: readonly JobView[]): ReadonlyMap<string, JobView> {
  const found = new Map<string, JobView>();
  // The newest comes first in the list, the maker last.
  for (const job of jobs) {
    const made = job.result?.[MAKERS[job.kind] ?? ""];
    if (typeof made === "string") found.set(made, job);
    if (job.kind === "predict" && job.result !== null) {
      const { model, on } = job.result;
      const key = `${String(model)} ${String(on)}`;
      if (!found.has(key)) found.set(key, job);
    }
  }
  return found;
}

/** The job that made an artefact, if it is known. */
export function makerOf(
  artefact: Artefact,
  jobs: ReadonlyMap<string, JobView>,
): JobView | undefined {
  return jobs.get(
    artefact.kind === "predictions" ? `${artefact.of.id} ${artefact.on}` : artefact.of.id,
  );
}

/** What stays without what it was computed from, or goes, when something is deleted. */
export interface Consequences {
  readonly predictions: number;
  /** Models that can predict no more. */
  readonly models: readonly string[];
  readonly drawings: readonly string[];
}

export function consequences({ artefact }: Line, { models, maps, topics }: Made): Consequences {
  const { kind, of } = artefact;
  const mine = kind === "feature";
  return {
    predictions: kind === "model" ? predictionsOf(of).length : 0,
    models: mine
      ? models.filter(({ features }) => features.includes(of.id)).map(({ name }) => name)
      : [],
    drawings: mine
      ? [...maps, ...topics].filter(({ feature }) => feature === of.name).map(({ name }) => name)
      : [],
  };
}
