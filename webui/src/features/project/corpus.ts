import type { ProjectInfo } from "@/api/schema";
import { figure } from "@/shared/words/number";
import { t } from "@/shared/words/translate";

/** Say how many texts there are and what they are kept for. */
export function corpusSentence({ n_rows, splits }: Pick<ProjectInfo, "n_rows" | "splits">): string {
  const parts = [
    t("{{n}} to code", { n: splits.train }),
    ...(splits.valid > 0 ? [t("{{n}} to validate", { n: splits.valid })] : []),
    ...(splits.test > 0 ? [t("{{n}} to test", { n: splits.test })] : []),
  ];
  const texts = t("{{n}} texts", { n: figure(n_rows) });
  return parts.length === 1
    ? `${texts}.`
    : t("{{texts}}: {{parts}}.", { texts, parts: parts.join(", ") });
}
