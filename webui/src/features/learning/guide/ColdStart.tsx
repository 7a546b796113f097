import type { GuideInfo, SchemeInfo } from "@/api/schema";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import classes from "./Guide.module.css";

interface Props {
  sentence: string;
  guide: GuideInfo;
  scheme: SchemeInfo;
}

const MOST = 12;

/** What the guide still waits for, label by label. */
export function ColdStart({ sentence, guide, scheme }: Props) {
  const wanted = guide.cold_labels;
  const needed = guide.cold?.needed ?? {};
  const missing = scheme.labels
    .map((label, position) => ({ label, position, left: needed[label.name] ?? 0 }))
    .filter(({ left }) => left > 0);
  return (
    <div className={classes.cold}>
      <p>{sentence}</p>
      <ul aria-label={t("Missing texts by label")}>
        {missing.slice(0, MOST).map(({ label, position, left }) => (
          <li key={label.id} style={{ "--label": labelColor(label.color, position) }}>
            <span dir="auto">{label.name}</span>
            <span className={classes.steps} aria-hidden="true">
              {Array.from({ length: Math.max(left, wanted) }, (_, step) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity
                <span key={step} data-done={step < wanted - left} />
              ))}
            </span>
            <span>{t("{{n}} more", { n: left })}</span>
          </li>
        ))}
      </ul>
      {missing.length > MOST && (
        <p>
          {t("and {{count}} more labels of {{all}}", {
            count: missing.length - MOST,
            all: scheme.labels.length,
          })}
        </p>
      )}
    </div>
  );
}
