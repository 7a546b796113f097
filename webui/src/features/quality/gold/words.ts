import type { Checks, GoldText } from "@/api/schema";
import { t } from "@/shared/words/translate";

export function sameChecks(one: Checks | null, other: Checks | null): boolean {
  return one?.every === other?.every && one?.feedback === other?.feedback;
}

/** Say how people are checked. */
export function checksWords(checks: Checks | null): string {
  if (checks === null) return t("Nobody is checked now.");
  const often = t("On average one among {{every}} texts that somebody gets is a gold text.", {
    every: checks.every ?? 20,
  });
  const told = checks.feedback
    ? t("Whoever answers it is told whether that was right, and why.")
    : t("Nobody is told which texts they are, nor how they did.");
  return `${often} ${told}`;
}

/** Say how a gold text goes. */
export function answeredWords({ answered, correct }: GoldText): string {
  if (answered === 0) return t("nobody has answered it yet");
  return t("{{correct}} of {{answered}} right", { correct, answered });
}

/** Say how all gold texts go, and what is to be done where there are none. */
export function goldWords(texts: readonly GoldText[]): string {
  if (texts.length === 0) {
    return t(
      "There are none yet. Add some twenty texts whose answer you are sure of, easy and hard ones, then turn the checks on.",
    );
  }
  const count = t("{{count}} texts have a known answer.", { count: texts.length });
  const answered = texts.reduce((sum, each) => sum + each.answered, 0);
  const correct = texts.reduce((sum, each) => sum + each.correct, 0);
  if (answered === 0) return `${count} ${t("Nobody has answered one yet.")}`;
  return `${count} ${t("{{correct}} of {{answered}} answers to them were right.", { correct, answered })}`;
}
