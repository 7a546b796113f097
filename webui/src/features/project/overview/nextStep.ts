import type { ProjectState, SchemeInfo } from "@/api/schema";
import { mayAnnotate, mayContribute } from "@/shared/project/roles";

/** So many coded texts tell what a codebook has to say. */
export const CODEBOOK_AT = 20;
/** So many are what a guide learns something from. */
export const GUIDE_AT = 50;
/** So many are worth a model, and a test of it. */
export const MODEL_AT = 150;

export type StepKind =
  | "scheme"
  | "start"
  | "codebook"
  | "annotate"
  | "feature"
  | "guide"
  | "test"
  | "model"
  | "stopping"
  | "export";

/** What is advisable next, and in which scheme. */
export interface Step {
  readonly kind: StepKind;
  readonly scheme: string | null;
}

type State = Pick<ProjectState, "project" | "schemes" | "features" | "models">;

/**
 * Return what is advisable next for whoever asks; null where there is nothing for them to do.
 *
 * The first thing that lacks: each step is of use only after those before it.
 */
export function nextStep(state: State): Step | null {
  const { project, features } = state;
  if (project.archived_at !== null || !mayAnnotate(project)) return null;
  const scheme = schemeAtWork(state.schemes);
  const maker = mayContribute(project);
  if (scheme === null) return maker ? { kind: "scheme", scheme: null } : null;
  const step = (kind: StepKind): Step => ({ kind, scheme: scheme.name });
  const coded = scheme.annotated.train;
  const left = project.splits.train - coded;
  if (coded === 0) return step("start");
  if (!maker) return left > 0 ? step("annotate") : null;
  if (coded >= CODEBOOK_AT && scheme.codebook.trim() === "") return step("codebook");
  if (coded < GUIDE_AT && left > 0) return step("annotate");
  if (scheme.guide === null && left > 0) return step(features.length === 0 ? "feature" : "guide");
  if (coded < MODEL_AT && left > 0) return step("annotate");
  if (project.splits.test > 0 && scheme.annotated.test === 0) return step("test");
  const trained = state.models.some((model) => model.scheme === scheme.name);
  if (!trained) return step(features.length === 0 ? "feature" : "model");
  return left > 0 ? step("stopping") : step("export");
}

/** The scheme in which most is coded, the first one among equals: there the work goes on. */
export function schemeAtWork(schemes: readonly SchemeInfo[]): SchemeInfo | null {
  return schemes.reduce<SchemeInfo | null>(
    (most, each) => (most === null || each.annotated.train > most.annotated.train ? each : most),
    null,
  );
}
