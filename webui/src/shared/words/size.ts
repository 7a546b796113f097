import { roughly } from "./number";
import { t } from "./translate";

/** Write a size that is known in megabytes. */
export function megabytes(mb: number): string {
  if (mb >= 1e6) return `${roughly(mb / 1e6)} TB`;
  if (mb >= 1000) return `${roughly(mb / 1000)} GB`;
  return mb < 1 && mb > 0 ? t("under 1 MB") : `${Math.round(mb)} MB`;
}
