import type { Coefficient } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { phrase, t, told } from "@/shared/words/translate";
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
          {phrase("{{name}}: {{value}}", {
            name: <strong>{listed(names)}</strong>,
            value: told(reason) || t("undefined"),
          })}
        </li>
      ))}
    </ul>
  );
}
