import type { Account, ApiToken } from "@/api/schema";
import { t } from "@/shared/words/translate";

/** Say what somebody signed in with: the server has read that already, where it says anything. */
export function device(agent: string): string {
  return agent === "" ? t("Something that does not say what it is") : agent;
}

/** Say what an account may do on this installation. */
export function roleWords(role: Account["role"]): string {
  if (role === "root") return t("You may do everything on this installation.");
  if (role === "manager") return t("You may make projects, and work in those that you are in.");
  return t("You may work in the projects that you are in.");
}

/** Say what a token allows. */
export function scopeWords(scopes: ApiToken["scopes"]): string {
  return scopes.includes("write") ? t("reads and changes") : t("reads only");
}

/** What is wrong with a new password that was typed twice; null where nothing is. */
export function passwordFault(password: string, again: string): string | null {
  if (password === "" || again === "") return null;
  return password === again ? null : t("The two are not the same.");
}

/** Put the session that asks before all others, which keep their order. */
export function currentFirst<T extends { readonly current: boolean }>(sessions: readonly T[]): T[] {
  return sessions.toSorted((a, b) => Number(b.current) - Number(a.current));
}
