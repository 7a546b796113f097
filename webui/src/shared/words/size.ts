import { roughly } from "./number";
import { t } from "./translate";

/** Write a size that is known in megabytes. */
export function megabytes(mb: number): string {
  if (mb >= 1e6) return t("{{size}} TB", { size: roughly(mb / 1e6) });
  if (mb >= 1000) return t("{{size}} GB", { size: roughly(mb / 1000) });
  return mb < 1 && mb > 0 ? t("under 1 MB") : t("{{size}} MB", { size: String(Math.round(mb)) });
}
