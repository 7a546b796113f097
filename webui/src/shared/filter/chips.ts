import { contained } from "@/shared/words/regex";
import { t } from "@/shared/words/translate";
import type { TextFilter } from "./filter";
import { readRows } from "./rows";
import { conditionWords, SPLIT_NAMES } from "./words";

/** A part of a filter, in words, and what is left without it. */
export interface Chip<F extends TextFilter = TextFilter> {
  readonly key: string;
  readonly about: "text" | "said" | "split" | "region" | "column" | "rows";
  readonly words: string;
  readonly without: F;
}

/** The parts of a filter that can be taken away one by one, as they are read beside the sample. */
export function chipsOf<F extends TextFilter>(filter: F): readonly Chip<F>[] {
  const { regex, where = [], split, sample, by, label, region, rows } = filter;
  const chips: Chip<F>[] = [];
  const add = (key: string, about: Chip["about"], words: string, without: F) =>
    chips.push({ key, about, words, without });
  if (rows !== undefined) {
    const words = t("only {{count}} picked texts", { count: readRows(rows)?.length ?? 0 });
    add("rows", "rows", words, without(filter, "rows"));
  }
  if (regex !== undefined) add("regex", "text", regexWords(regex), without(filter, "regex"));
  if (label !== undefined) {
    const predicted = sample === "predicted_as";
    const words = predicted
      ? t("the guide predicts {{label}}", { label })
      : t("labelled {{label}}", { label });
    // A prediction without its label asks for nothing.
    const rest = predicted ? without(filter, "label", "sample") : without(filter, "label");
    add("label", "said", words, rest);
  }
  if (by !== undefined) {
    add("by", "said", t("coded by {{name}}", { name: by }), without(filter, "by"));
  }
  if (split !== undefined) {
    const words =
      split === "all"
        ? t("in every split")
        : t("in the split {{split}}", { split: SPLIT_NAMES[split] });
    add("split", "split", words, without(filter, "split"));
  }
  if (region !== undefined) {
    const words = t("in a region of the map {{map}}", { map: region.projection });
    add("region", "region", words, without(filter, "region"));
  }
  for (const condition of where) {
    const others = where.filter((each) => each !== condition);
    const rest = without(filter, "where");
    const left = others.length === 0 ? rest : { ...rest, where: others };
    add(JSON.stringify(condition), "column", conditionWords(condition), left);
  }
  return chips;
}

function regexWords(regex: string): string {
  const words = contained(regex);
  return words === null
    ? t("matching {{pattern}}", { pattern: regex })
    : t("containing “{{words}}”", { words });
}

function without<F extends TextFilter>(filter: F, ...names: readonly (keyof TextFilter)[]): F {
  const kept = Object.entries(filter).filter(([name]) => !names.some((each) => each === name));
  return Object.fromEntries(kept) as F;
}
