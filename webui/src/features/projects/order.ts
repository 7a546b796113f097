import type { ProjectInfo } from "@/api/schema";

/** From so many projects on, one is found by its name rather than by looking. */
export const MANY = 8;

/** When something last happened in a project: somebody coded, a job ended, or it was made. */
export function lastActive({ created_at, progress }: ProjectInfo): string {
  const active = progress?.active_at ?? null;
  return active !== null && Date.parse(active) > Date.parse(created_at) ? active : created_at;
}

/** Put those first in which something happened last, and those that are archived behind them. */
export function byActivity(projects: readonly ProjectInfo[]): ProjectInfo[] {
  return projects.toSorted(
    (a, b) =>
      Number(a.archived_at !== null) - Number(b.archived_at !== null) ||
      Date.parse(lastActive(b)) - Date.parse(lastActive(a)),
  );
}

/** Keep the projects whose name, address or maker has every word of what was typed. */
export function matching(projects: readonly ProjectInfo[], typed: string): readonly ProjectInfo[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return projects.filter(({ name, slug, created_by }) => {
    const said = plain(`${name} ${slug} ${created_by}`);
    return words.every((word) => said.includes(word));
  });
}

/** Without accents and case: "Ecole" finds "École". */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
