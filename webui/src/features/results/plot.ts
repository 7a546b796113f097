import type { SchemeInfo } from "@/api/schema";
import type { Series } from "@/shared/charts/lines";
import type { SignName } from "@/shared/charts/MarksPlot";
import type { Mark, MarkRow } from "@/shared/charts/marks";
import { labelColor } from "@/shared/theme/labelColor";
import { t } from "@/shared/words/translate";
import { type Answer, labelsIn, type Moment, type Row } from "./answer";
import { rowTitle } from "./words";

/** The colour of a label in the scheme as it is now. */
export function colorOf(scheme: Pick<SchemeInfo, "labels">, label: string): string {
  const at = scheme.labels.findIndex(({ name }) => name === label);
  const found = scheme.labels[at];
  return found === undefined ? "var(--accent)" : labelColor(found.color, at);
}

/** Rows of a plot: the figure, what people alone say, and what the machine's count says. */
export function plotRows(
  answer: Answer,
  rows: readonly Row[],
  scheme: Pick<SchemeInfo, "labels">,
): readonly MarkRow[] {
  return rows.map((row) => {
    const { estimate, alone, counted } = row;
    const beside: readonly Mark[] = [
      ...(alone === null
        ? []
        : [{ sign: "ring" as const, value: alone.value, low: alone.low, high: alone.high }]),
      ...(counted === null ? [] : [{ sign: "square" as const, value: counted }]),
    ];
    const { value, low, high } = estimate;
    return {
      key: `${row.label}/${row.group}/${estimate.name}`,
      name: rowTitle(answer, row),
      color: colorOf(scheme, row.label),
      marks: [{ sign: "disc", value, low, high }, ...beside],
    };
  });
}

/** What the signs of an answer's plot mean. */
export function plotSigns({ rows, model_name }: Pick<Answer, "rows" | "model_name">): SignName[] {
  const signs: SignName[] = [
    {
      sign: "disc",
      name: model_name === null ? t("people's labels") : t("people and machine together"),
    },
  ];
  if (rows.some(({ alone }) => alone !== null))
    signs.push({ sign: "ring", name: t("people alone") });
  if (rows.some(({ counted }) => counted !== null)) {
    signs.push({ sign: "square", name: t("the machine's labels counted") });
  }
  return signs;
}

/** The first four colours stay apart under any sight; beyond them dashes help. */
const DASHES = [null, "9 4", "2 4"];
const WITHOUT = 4;

/** Shares over time, a line for each label. */
export function linesOf(
  answer: Answer,
  moments: ReadonlyMap<string, Moment>,
  scheme: Pick<SchemeInfo, "labels">,
): readonly Series[] {
  return labelsIn(answer).map((label, at) => ({
    key: label,
    name: label,
    color: colorOf(scheme, label),
    dash: DASHES[Math.floor(at / WITHOUT) % DASHES.length] ?? null,
    points: answer.rows
      .filter((row) => row.label === label)
      .flatMap(({ group, estimate: { value, low, high } }) => {
        const x = group === null ? undefined : moments.get(group)?.x;
        return x === undefined ? [] : [{ x, y: value, low, high }];
      })
      .toSorted((a, b) => a.x - b.x),
  }));
}
