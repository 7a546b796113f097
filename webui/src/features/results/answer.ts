import type { Covariate, JobView } from "@/api/schema";

/** A figure with its interval, as an estimator gives it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly standard_error: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly n_human: number;
  readonly n_machine: number;
  readonly n_effective: number | null;
  readonly method: string;
  readonly citation: string;
  readonly warnings: readonly string[];
}

export interface Row {
  readonly label: string;
  /** The value of the column that groups go by. */
  readonly group: string | null;
  readonly estimate: Figure;
  readonly correlation: number | null;
  /** The share that comes of counting the machine's labels. */
  readonly counted: number | null;
  /** What the same sample says without a machine. */
  readonly alone: Figure | null;
}

export type QuestionKind = "prevalence" | "mean-by-group" | "linear" | "logistic";

/** What was asked, as the job has kept it. */
export interface Asked {
  readonly kind: QuestionKind;
  readonly labels: readonly string[];
  readonly by: string | null;
  readonly covariates: readonly Covariate[];
  readonly human: "drawn-sample" | "random-draws" | "test-split";
  readonly nonresponse: "random" | "refuse";
  readonly machine: "labels" | "probabilities";
  readonly estimator: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly level: number;
  readonly population: "corpus" | "wider";
  readonly seed: number;
}

/** An estimate that has come: what was asked, and a row for each figure. */
export interface Answer extends Asked {
  readonly model_name: string | null;
  readonly sample_name: string | null;
  /** Which texts it is of, in the server's words. */
  readonly of: string;
  readonly n_rows: number;
  readonly rows: readonly [Row, ...Row[]];
  readonly notes: readonly string[];
}

/** What a job was asked; what it leaves out is the server's default. */
export function askedBy({ params }: Pick<JobView, "params">): Asked {
  const question = (params.question ?? {}) as Partial<Asked>;
  const asked = params as unknown as Partial<Asked>;
  return {
    kind: question.kind ?? "prevalence",
    labels: question.labels ?? [],
    by: question.by ?? null,
    covariates: question.covariates ?? [],
    human: asked.human ?? "drawn-sample",
    nonresponse: asked.nonresponse ?? "refuse",
    machine: asked.machine ?? "probabilities",
    estimator: asked.estimator ?? "ppi",
    params: asked.params ?? {},
    level: asked.level ?? 0.95,
    population: asked.population ?? "corpus",
    seed: asked.seed ?? 0,
  };
}

/** Read a job's result; null where there is none, or it is none of an estimate. */
export function answerOf(job: Pick<JobView, "params" | "result">): Answer | null {
  const result = job.result as Partial<Answer> | null;
  if (result === null || !Array.isArray(result.rows)) return null;
  // Estimates from before these were kept lack what they are compared with.
  const rows = result.rows.map((row: Row) => ({
    ...row,
    counted: row.counted ?? null,
    alone: row.alone ?? null,
  }));
  const [first, ...others] = rows;
  if (first === undefined) return null;
  return {
    ...askedBy(job),
    model_name: result.model_name ?? null,
    sample_name: result.sample_name ?? null,
    of: result.of ?? "",
    n_rows: result.n_rows ?? 0,
    rows: [first, ...others],
    notes: result.notes ?? [],
  };
}

export function isRegression({ kind }: Pick<Asked, "kind">): boolean {
  return kind === "linear" || kind === "logistic";
}

/** The labels of an answer, in its order. */
export function labelsIn({ rows }: Pick<Answer, "rows">): readonly string[] {
  return [...new Set(rows.map(({ label }) => label))];
}

/** All that was warned of, each once, with what it was said of. */
export function warningsIn(
  answer: Pick<Answer, "rows" | "kind">,
): readonly { readonly warning: string; readonly of: readonly string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const row of answer.rows) {
    for (const warning of row.estimate.warnings) {
      found.set(warning, (found.get(warning) ?? new Set()).add(rowName(row)));
    }
  }
  return [...found].map(([warning, of]) => ({ warning, of: [...of] }));
}

/** What a row is of: its label, and its group where there are some. */
export function rowName({ label, group }: Pick<Row, "label" | "group">): string {
  return group === null ? label : `${label}, ${group}`;
}

/** A group that is a moment: a year or another number, or a date. */
export interface Moment {
  readonly x: number;
  readonly dated: boolean;
}

const DATE = /^\d{4}-\d{2}(-\d{2})?([T ].*)?$/;
const NUMBER = /^-?\d+(\.\d+)?$/;
const LEAST_MOMENTS = 3;

function moment(group: string): Moment | null {
  if (NUMBER.test(group)) return { x: Number(group), dated: false };
  const time = DATE.test(group) ? Date.parse(group) : Number.NaN;
  return Number.isNaN(time) ? null : { x: time, dated: true };
}

/** Read groups as moments of a line; null where they are not in an order of that kind. */
export function momentsOf({ rows }: Pick<Answer, "rows">): ReadonlyMap<string, Moment> | null {
  const groups = new Set(rows.map(({ group }) => group));
  const found = new Map<string, Moment>();
  for (const group of groups) {
    const read = group === null ? null : moment(group);
    if (group === null || read === null) return null;
    found.set(group, read);
  }
  const kinds = new Set([...found.values()].map(({ dated }) => dated));
  return found.size >= LEAST_MOMENTS && kinds.size === 1 ? found : null;
}
