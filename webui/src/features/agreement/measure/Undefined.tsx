import type { Coefficient } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import classes from "./Figures.module.css";
import { reasons } from "./reading";

/** What has no value, and why. */
export function Undefined({ named }: { named: readonly (readonly [string, Coefficient])[] }) {
  const all = reasons(named);
  if (all.length === 0) return null;
  return (
    <ul className={classes.undefined} aria-label={t("Undefined")}>
      {all.map(({ names, reason }) => (
        <li key={reason}>
          <strong>{listed(names, t("and"))}</strong>: {reason || t("undefined")}
        </li>
      ))}
    </ul>
  );
}
