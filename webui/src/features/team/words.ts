import type { AuditEntry, InvitationInfo, NewTask, TaskInfo, TaskPerson } from "@/api/schema";
import { roleName } from "@/shared/project/roles";
import { roughTime } from "@/shared/words/time";
import { t } from "@/shared/words/translate";

/** The link that somebody opens to come in. What is after # is never sent to a server. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/join#${token}`;
}

/** What an invitation is to, and how far it is used. */
export function invitationWords({ role, group, uses, max_uses, state }: InvitationInfo): string {
  const to = t("as {{role}}", { role: roleName(role) });
  const used = t("used {{uses}} of {{max}} times", { uses, max: max_uses });
  const parts = [to, ...(group == null ? [] : [t("in the group {{group}}", { group })]), used];
  const ended = {
    open: null,
    expired: t("expired"),
    revoked: t("revoked"),
    "used-up": t("used up"),
  }[state];
  return [...parts, ...(ended === null ? [] : [ended])].join(", ");
}

/** How a task stands, in a sentence. */
export function taskWords(task: TaskInfo): string {
  const { coded, assigned, closed_at, late } = task;
  if (closed_at !== null) {
    return t("Closed; {{coded}} of {{assigned}} were coded.", { coded, assigned });
  }
  if (assigned > 0 && coded === assigned) return t("Done: all {{assigned}} coded.", { assigned });
  const so = t("{{coded}} of {{assigned}} coded.", { coded, assigned });
  return late ? `${so} ${t("It is late.")}` : so;
}

/** How texts were dealt. */
export function dealWords({ deal, n_texts, people }: TaskInfo): string {
  const names = people.join(", ");
  const count = n_texts;
  if (deal.how === "split") return t("{{count}} texts, split between {{names}}", { count, names });
  if (deal.how === "overlap") {
    return t("{{count}} texts for {{names}}, {{share}} % of them coded by {{k}}", {
      count,
      names,
      share: Math.round((deal.share ?? 0) * 100),
      k: deal.k ?? 2,
    });
  }
  return t("{{count}} texts, all of them for each of {{names}}", { count, names });
}

/** What is to be said of a person in a task, beside the numbers. */
export function personWords(person: TaskPerson): string {
  if (!person.member) return t("has left the project");
  if (person.left === 0) return t("done");
  if (person.last_at == null) return t("has not begun");
  if (person.abandoned) return t("seems to have abandoned it");
  if (person.late) return t("will be late at this pace");
  return person.seconds_median == null
    ? t("under way")
    : t("under way, {{time}} a text", { time: roughTime(person.seconds_median) });
}

/** An operation's name as words: "change_scheme" is "change scheme". */
export function operationWords(operation: string): string {
  return operation.replaceAll("_", " ");
}

/** What an entry of the audit log was about, without the project, which is known. */
export function targetWords({ target }: Pick<AuditEntry, "target">): string {
  return Object.entries(target)
    .filter(([name]) => name !== "slug")
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

export interface TaskDraft {
  readonly name: string;
  readonly assignees: readonly string[];
  readonly instructions: string;
  readonly choose: "number" | "share" | "ids";
  readonly n: number;
  readonly share: number;
  readonly ids: string;
  readonly split: "train" | "valid" | "test" | "all";
  readonly how: "each" | "split" | "overlap";
  readonly overlap: number;
  readonly k: number;
  readonly blind: boolean;
  readonly only: boolean;
  readonly deadline: string;
}

export const BLANK_TASK: TaskDraft = {
  name: "",
  assignees: [],
  instructions: "",
  choose: "number",
  n: 100,
  share: 10,
  ids: "",
  split: "train",
  how: "split",
  overlap: 20,
  k: 2,
  blind: true,
  only: false,
  deadline: "",
};

/** What is still to be decided before a task can be made; null once it can. */
export function taskFault({ name, assignees, choose, ids, how, k }: TaskDraft): string | null {
  if (name.trim() === "") return t("Give the task a name.");
  if (assignees.length === 0) return t("Choose who is to code.");
  if (choose === "ids" && idsOf(ids).length === 0) return t("Paste the ids of texts.");
  if (how === "overlap" && assignees.length < k && !assignees.some(isGroup)) {
    return t("{{k}} people are to code a text, and only {{n}} are chosen.", {
      k,
      n: assignees.length,
    });
  }
  return null;
}

function isGroup(assignee: string): boolean {
  return assignee.startsWith("group:");
}

/** Ids as they are pasted: by lines, commas or semicolons. */
export function idsOf(text: string): string[] {
  const ids = text.split(/[\n,;]/).map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ""))];
}

/** The task as the server takes it. A day as deadline ends with that day, here. */
export function taskOf(draft: TaskDraft): NewTask {
  const { choose, n, share, ids, split } = draft;
  const which = { number: { n }, share: { share: share / 100 }, ids: { ids: idsOf(ids) } }[choose];
  return {
    name: draft.name.trim(),
    assignees: [...draft.assignees],
    instructions: draft.instructions,
    texts: { ...(choose === "ids" ? {} : { split }), ...which },
    deal: { how: draft.how, share: draft.overlap / 100, k: draft.k },
    order: choose === "ids" ? "given" : "random",
    blind: draft.blind,
    only: draft.only,
    deadline: draft.deadline === "" ? null : endOfDay(draft.deadline).toISOString(),
  };
}

function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59`);
}
