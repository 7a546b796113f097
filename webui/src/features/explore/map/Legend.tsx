import { figure } from "@/shared/words/number";
import { language, t } from "@/shared/words/translate";
import { type ColourBy, type Entry, type Kind, OTHER_VALUES, SCALE } from "./colouring";
import classes from "./Map.module.css";
import type { Colours } from "./messages";

interface Props {
  by: ColourBy;
  colours: Colours;
  entries: readonly Entry[];
  hidden: ReadonlySet<number>;
  dark: boolean;
  onHidden: (hidden: ReadonlySet<number>) => void;
}

/** What each colour means and how many points have it; a press hides them, or shows them again. */
export function Legend({ by, colours, entries, hidden, dark, onHidden }: Props) {
  const toggle = (code: number) => {
    const next = new Set(hidden);
    if (!next.delete(code)) next.add(code);
    onHidden(next);
  };
  const none = entries.find(({ code }) => code === 0);
  const shown = colours.scale === "names" ? entries : none === undefined ? [] : [none];
  return (
    <section className={classes.legend} aria-label={t("Legend")}>
      {colours.scale !== "names" && <Scale colours={colours} dark={dark} />}
      <ul>
        {shown.map(({ code, name, count, color }) => (
          <li key={code}>
            <button
              type="button"
              className={classes.entry}
              aria-pressed={!hidden.has(code)}
              style={{ "--point": color }}
              onClick={() => toggle(code)}
            >
              <span className={classes.dot} />
              <span className={classes.name} dir="auto">
                {name === null ? noneName(by.kind) : entryName(by.kind, name)}
              </span>
              <span className={classes.number}>{figure(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {by.kind === "prediction" && (
        <p className={classes.soft}>{t("The fainter a point, the less sure the model.")}</p>
      )}
      {shown.length > 8 && (
        <p className={classes.soft}>
          {t("Many colours are alike: hide what you do not look for.")}
        </p>
      )}
      {shown.length > 2 && (
        <p className={classes.pair}>
          <button type="button" disabled={hidden.size === 0} onClick={() => onHidden(new Set())}>
            {t("Show all of them")}
          </button>
          <button
            type="button"
            disabled={hidden.size === shown.length}
            onClick={() => onHidden(new Set(shown.map(({ code }) => code)))}
          >
            {t("Hide all of them")}
          </button>
        </p>
      )}
    </section>
  );
}

function Scale({ colours, dark }: { colours: Colours; dark: boolean }) {
  const { least, greatest, scale } = colours;
  if (!Number.isFinite(least)) return <p className={classes.soft}>{t("No text has a value.")}</p>;
  const stops = scaleStops(dark).join(", ");
  return (
    <div className={classes.scale}>
      <span style={{ background: `linear-gradient(to right, ${stops})` }} />
      <p>
        <span>{scaleValue(scale, least, greatest - least)}</span>
        <span>{scaleValue(scale, greatest, greatest - least)}</span>
      </p>
    </div>
  );
}

/** The scale's colours from least to greatest: what is greatest stands out from the ground most. */
export function scaleStops(dark: boolean): readonly string[] {
  return dark ? SCALE.toReversed() : SCALE;
}

const DAY = 86_400_000;

function scaleValue(scale: Colours["scale"], value: number, width: number): string {
  if (scale === "time") {
    const near = width < 2 * DAY ? ({ timeStyle: "short" } as const) : {};
    return new Intl.DateTimeFormat(language(), { dateStyle: "medium", ...near }).format(value);
  }
  // Years and codes read wrong with their thousands apart.
  const whole = Number.isInteger(value) && Math.abs(value) < 10_000;
  return new Intl.NumberFormat(language(), {
    maximumSignificantDigits: 6,
    useGrouping: !whole,
  }).format(value);
}

/** What points are called of which nothing is known. */
function noneName(kind: Kind): string {
  switch (kind) {
    case "prediction":
      return t("no prediction");
    case "topic":
      return t("no topic");
    case "similarity":
      return t("no vector");
    case "context":
    case "split":
      return t("no value");
    case "disagreement":
      return t("coded by fewer than two");
    default:
      return t("not coded");
  }
}

function entryName(kind: Kind, name: string): string {
  if (kind === "disagreement") return name === "agree" ? t("coders agree") : t("coders disagree");
  if (kind === "context" && name === OTHER_VALUES) return t("other values");
  if (kind === "split") return SPLIT_NAMES[name] ?? name;
  return name;
}

const SPLIT_NAMES: Readonly<Record<string, string>> = {
  train: t("train"),
  valid: t("valid"),
  test: t("test"),
};
