import { type Problem, toProblem } from "@/api/problem";
import type { FieldErrors } from "./draft";
import type { Field } from "./schema";

/** What the server refused: at the field that it names, or of the whole. */
export interface Refusal {
  readonly errors: FieldErrors;
  /** What belongs to no field here. */
  readonly rest: Problem | null;
}

/** Sort a refused request's problem to the param that it is about. */
export function paramRefusal(error: unknown, fields: readonly Field[]): Refusal {
  if (error === null || error === undefined) return { errors: {}, rest: null };
  const problem = toProblem(error);
  // Other problems name fields of the request around the params, such as its name.
  const path = problem.type === "invalid-params" ? (problem.field ?? "") : "";
  const name = path.split(/[.[]/, 1)[0] ?? "";
  if (!fields.some((field) => field.name === name)) return { errors: {}, rest: problem };
  return { errors: { [path.replace(/\[.*$/, "")]: withoutPlace(problem.detail) }, rest: null };
}

/** Sort a refused request's problem to a field of the request itself. */
export function requestRefusal(error: unknown, names: readonly string[]): Refusal {
  if (error === null || error === undefined) return { errors: {}, rest: null };
  const problem = toProblem(error);
  const name = problem.field ?? "";
  if (problem.type === "invalid-params" || !names.includes(name)) {
    return { errors: {}, rest: problem };
  }
  return { errors: { [name]: withoutPlace(problem.detail) }, rest: null };
}

/** The message stands at its field: it need not name it. */
function withoutPlace(detail: string): string {
  return detail.replace(/^(params\.[\w.[\]]+:|body [\w.[\]]+:)\s*/, "");
}
