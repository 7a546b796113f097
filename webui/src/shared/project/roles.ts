import type { Membership, ProjectInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";

export type ProjectRole = Membership["role"];

/** Whether somebody may change schemes, add texts and start what computes. */
export function mayContribute({ role }: Pick<ProjectInfo, "role">): boolean {
  return role === "manager" || role === "contributor";
}

/** The roles in a project, the least first, with what each may do. */
export const PROJECT_ROLES: readonly { value: ProjectRole; label: string; may: string }[] = [
  { value: "reader", label: t("reader"), may: t("sees everything, changes nothing") },
  { value: "annotator", label: t("annotator"), may: t("codes texts and discusses them") },
  {
    value: "contributor",
    label: t("contributor"),
    may: t("codes, and makes schemes, features and models"),
  },
  {
    value: "manager",
    label: t("manager"),
    may: t("does all of it, and decides who belongs to the project"),
  },
];

/** What a role is called. */
export function roleName(role: ProjectRole): string {
  return PROJECT_ROLES.find(({ value }) => value === role)?.label ?? role;
}

/** Whether somebody may say what texts are. */
export function mayAnnotate({ role }: Pick<ProjectInfo, "role">): boolean {
  return role !== "reader";
}
