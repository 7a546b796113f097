import type { JobView, ModelInfo, ScoreReport } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { t } from "@/shared/words/translate";
import {
  decimals,
  figureName,
  isLoss,
  judgements,
  mainFigure,
  reportOn,
  written,
} from "../reports";
import { SPLITS, type Split } from "../search";

/** The splits that all of several models were judged on. */
export function commonSplits(models: readonly ModelInfo[]): readonly Split[] {
  return SPLITS.filter((split) =>
    models.every((model) => judgements(model).some((each) => each.split === split)),
  );
}

/** Say why models cannot be compared; null where they can. */
export function hindrance(models: readonly ModelInfo[]): string | null {
  if (models.length < 2) return t("Choose two models or more to compare them.");
  if (new Set(models.map(({ scheme }) => scheme)).size > 1) {
    return t("They learnt different schemes, so there is nothing that all of them say.");
  }
  const untried = models.filter((model) => judgements(model).length === 0);
  if (untried.length > 0) {
    return t("Not judged yet: {{names}}. Let them predict first.", {
      names: listed(
        untried.map(({ name }) => name),
        t("and"),
      ),
    });
  }
  return commonSplits(models).length === 0
    ? t("They were judged on different texts. Let all of them predict the corpus.")
    : null;
}

/** How two models differ in one figure: `difference` is the leading one's less the other's. */
export interface Test {
  readonly other: string;
  readonly n: number;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  readonly mcnemar: { readonly leading: number; readonly other: number; readonly p: number } | null;
  readonly job: JobView;
}

interface Difference {
  readonly difference?: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly p?: number | null;
}

interface Compared {
  readonly first: string;
  readonly second: string;
  readonly split: string;
  readonly report: {
    readonly n: number;
    readonly overall: Readonly<Record<string, Difference>>;
    readonly mcnemar?: {
      readonly only_first: number;
      readonly only_second: number;
      readonly p: number;
    } | null;
  };
}

/** Read what a comparison has come to; null where it was another job, or has no test. */
export function comparedBy(job: JobView): Compared | null {
  if (job.kind !== "compare" || job.result === null) return null;
  const { first, second, split, report } = job.result;
  if (typeof first !== "string" || typeof second !== "string" || typeof split !== "string") {
    return null;
  }
  if (typeof report !== "object" || report === null || !("overall" in report)) return null;
  return { first, second, split, report: report as Compared["report"] };
}

/** Find the newest test of the leading model against another, whichever was named first. */
export function testOf(
  jobs: readonly JobView[],
  leading: string,
  other: string,
  split: Split,
  figure: string,
): Test | null {
  for (const job of jobs) {
    const done = comparedBy(job);
    if (done === null || done.split !== split) continue;
    const turned = done.first === leading && done.second === other;
    if (!turned && !(done.first === other && done.second === leading)) continue;
    const { n, overall, mcnemar } = done.report;
    const found = overall[figure];
    const [low, high] = [found?.low ?? null, found?.high ?? null];
    const difference = found?.difference ?? null;
    return {
      other,
      n,
      difference: turned ? negative(difference) : difference,
      low: turned ? negative(high) : low,
      high: turned ? negative(low) : high,
      p: found?.p ?? null,
      mcnemar:
        mcnemar == null
          ? null
          : {
              leading: turned ? mcnemar.only_first : mcnemar.only_second,
              other: turned ? mcnemar.only_second : mcnemar.only_first,
              p: mcnemar.p,
            },
      job,
    };
  }
  return null;
}

function negative(value: number | null): number | null {
  return value === null ? null : value === 0 ? 0 : -value;
}

/** The figure that models are compared by: the first that all of their reports have. */
export function commonFigure(reports: readonly ScoreReport[]): string | null {
  const names = reports.map(mainFigure);
  return names.every((name) => name === names[0]) ? (names[0] ?? null) : null;
}

/** Order models by a figure, the best first. */
export function ranked(
  models: readonly ModelInfo[],
  split: Split,
  figure: string,
): readonly ModelInfo[] {
  const value = (model: ModelInfo) => reportOn(model, split)?.overall[figure]?.value ?? null;
  const sign = isLoss(figure) ? 1 : -1;
  return models.toSorted((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (one - other);
  });
}

/** With several tests the level is shared out, so that one in twenty is not found by chance. */
const LEVEL = 0.05;

/** Whether a test tells the two apart, of so many that are made together. */
export function tells({ p, difference }: Test, tests: number): boolean {
  return p !== null && difference !== null && difference !== 0 && p <= LEVEL / tests;
}

/** Write a p-value. */
export function probability(p: number): string {
  return p < 0.001 ? t("p under 0.001") : t("p = {{p}}", { p: decimals(p, p < 0.1 ? 3 : 2) });
}

/** Say which model is better, or that the data cannot tell. `names` gives a model's by its id. */
export function conclusion(
  leading: ModelInfo,
  tests: readonly Test[],
  figure: string,
  names: ReadonlyMap<string, string>,
): string {
  const called = (test: Test) => names.get(test.other) ?? test.other;
  const told = tests.filter((test) => tells(test, tests.length));
  const open = tests.filter((test) => !tells(test, tests.length));
  const best = leading.name;
  const by = figureName(figure).replace(/^(\p{Lu})(?=\p{Ll})/u, (first) => first.toLowerCase());
  const [only] = tests;
  if (told.length === 0) {
    if (tests.length === 1 && only !== undefined && only.low === 0 && only.high === 0) {
      return t(
        "Nothing tells {{best}} and {{other}} apart: on these texts their {{figure}} is the same.",
        {
          best,
          other: called(only),
          figure: by,
        },
      );
    }
    const low = only?.low == null ? null : written(figure, Math.abs(Math.min(0, only.low)));
    const high = only?.high == null ? null : written(figure, Math.max(0, only.high));
    if (tests.length === 1 && only !== undefined && low !== null && high !== null) {
      return t(
        "The data cannot tell which of {{best}} and {{other}} is better: on other texts like these, {{best}} may have {{low}} less or {{high}} more of {{figure}}.",
        { best, other: called(only), low, high, figure: by },
      );
    }
    return t(
      "The data cannot tell which is better: {{best}} leads by {{figure}}, but not surely.",
      {
        best,
        figure: by,
      },
    );
  }
  const better = listed(told.map(called), t("and"));
  if (open.length > 0) {
    return t(
      "On texts like these {{best}} is better than {{others}} by {{figure}}. Whether it is better than {{unknown}} the data cannot tell.",
      { best, others: better, figure: by, unknown: listed(open.map(called), t("or")) },
    );
  }
  const [first] = told;
  if (told.length === 1 && first?.difference != null) {
    return t(
      "On texts like these {{best}} is better than {{others}}: {{figure}} is {{more}} higher.",
      {
        best,
        others: better,
        figure: by,
        more: written(figure, Math.abs(first.difference)),
      },
    );
  }
  return t("On texts like these {{best}} is better than {{others}} by {{figure}}.", {
    best,
    others: better,
    figure: by,
  });
}
