import type { ComponentInfo, FeatureInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { titleOf } from "@/shared/jobs/words";
import { ago } from "@/shared/words/time";
import classes from "./Artefacts.module.css";
import { coverage } from "./words";

interface Props {
  feature: FeatureInfo;
  rows: number;
  components: readonly ComponentInfo[] | undefined;
}

/** A feature that was computed. */
export function FeatureLine({ feature, rows, components }: Props) {
  const now = useServerNow(60_000);
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3>{feature.name}</h3>
        <span className={classes.kind}>
          feature, {titleOf("feature", feature.component, { components })}
        </span>
        <p>
          {coverage(feature, rows)}, computed {ago(feature.created_at, now)}
        </p>
      </div>
    </li>
  );
}
