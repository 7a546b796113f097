import type { ComponentInfo } from "@/api/schema";
import { listed } from "@/shared/words/list";
import { figure, percent, score, unit } from "@/shared/words/number";
import { language, t, told } from "@/shared/words/translate";
import {
  type Answer,
  type Asked,
  type Figure,
  isRegression,
  labelsIn,
  type QuestionKind,
  type Row,
} from "./answer";

/** Write an interval of shares: "31 % (28 to 34 %)", with decimals where they tell ends apart. */
export function shareWords({ value, low, high }: Pick<Figure, "value" | "low" | "high">): string {
  const fine = high - low < 0.03;
  const share = fine ? score(value) : percent(value);
  return t("{{share}} ({{low}} to {{high}})", {
    share,
    low: bare(low, fine),
    high: fine ? score(high) : percent(high),
  });
}

function bare(share: number, fine: boolean): string {
  return (fine ? score(share) : percent(share)).replace(/\s?%$/, "");
}

/** Write a coefficient to three figures that count. */
export function coefficient(value: number): string {
  return new Intl.NumberFormat(language(), {
    maximumSignificantDigits: 3,
    signDisplay: "negative",
  })
    .format(value)
    .replace("-", "\u2212");
}

export function coefficientWords({ value, low, high }: Figure): string {
  return t("{{share}} ({{low}} to {{high}})", {
    share: coefficient(value),
    low: coefficient(low),
    high: coefficient(high),
  });
}

/** Write any figure of an answer with its interval. */
export function figureWords(answer: Pick<Asked, "kind">, figure: Figure): string {
  return isRegression(answer) ? coefficientWords(figure) : shareWords(figure);
}

/** Say what the human labels are. */
export function humanWords({ human, sample_name }: Pick<Answer, "human" | "sample_name">): string {
  if (human === "test-split") return t("the test split");
  if (human === "random-draws") return t("texts drawn at random while annotating");
  return t("the sample {{sample}}", { sample: sample_name ?? "?" });
}

/** Say what an answer rests on: "from 400 texts coded by people and the predictions of M". */
function basis(answer: Answer): string {
  const { n_human, n_machine } = answer.rows[0].estimate;
  const model = answer.model_name;
  return model === null || n_machine === 0
    ? t("from {{count}} texts coded by people", { count: n_human })
    : t("from {{count}} texts coded by people and the predictions of {{model}}", {
        count: n_human,
        model,
      });
}

/** Say what people alone would give, where that is known; with a space before it. */
function without(answer: Answer, { alone }: Row): string {
  if (alone === null) return "";
  return ` ${t("People alone would give {{alone}}.", { alone: figureWords(answer, alone) })}`;
}

/** Say an answer in a sentence that can be printed. */
export function sentence(answer: Answer): string {
  if (answer.kind === "mean-by-group") return byGroup(answer);
  if (isRegression(answer)) return regression(answer);
  const most = largest(answer.rows);
  const values = {
    n: answer.n_rows,
    share: shareWords(most.estimate),
    label: most.label,
    basis: basis(answer),
  };
  const said =
    answer.rows.length === 1
      ? t("Of {{n}} texts {{share}} have the label {{label}}, {{basis}}.", values)
      : t(
          "{{label}} is the most frequent label: of {{n}} texts {{share}} have it, {{basis}}.",
          values,
        );
  return said + without(answer, most);
}

function largest([first, ...others]: readonly [Row, ...Row[]]): Row {
  return others.reduce((a, b) => (b.estimate.value > a.estimate.value ? b : a), first);
}

function smallest([first, ...others]: readonly [Row, ...Row[]]): Row {
  return others.reduce((a, b) => (b.estimate.value < a.estimate.value ? b : a), first);
}

function ofLabel(answer: Answer, label: string): readonly [Row, ...Row[]] {
  const [first = answer.rows[0], ...others] = answer.rows.filter((row) => row.label === label);
  return [first, ...others];
}

function byGroup(answer: Answer): string {
  const rows = ofLabel(answer, answer.rows[0].label);
  const [most, least] = [largest(rows), smallest(rows)];
  const values = {
    n: answer.n_rows,
    label: most.label,
    by: answer.by ?? "",
    most: most.group ?? "",
    share: shareWords(most.estimate),
    least: least.group ?? "",
    other: shareWords(least.estimate),
    basis: basis(answer),
  };
  // Intervals that do not touch are apart at this level; others may be or not.
  const apart = most.estimate.low > least.estimate.high;
  if (rows.length === 1) {
    return t(
      "Where {{by}} is {{most}}, {{share}} of the texts have the label {{label}}, {{basis}}.",
      values,
    );
  }
  return apart
    ? t(
        "Of {{n}} texts, {{label}} is most frequent where {{by}} is {{most}}, with {{share}}, and least where it is {{least}}, with {{other}}, {{basis}}.",
        values,
      )
    : t(
        "Of {{n}} texts, {{label}} has its largest share where {{by}} is {{most}}, with {{share}}, and its smallest where it is {{least}}, with {{other}}; the intervals overlap, so the order may be chance ({{basis}}).",
        values,
      );
}

function regression(answer: Answer): string {
  const label = answer.rows[0].label;
  const rows = ofLabel(answer, label).filter(({ estimate }) => estimate.name !== "intercept");
  const clear = rows.filter(({ estimate: { low, high } }) => low > 0 || high < 0);
  const values = { n: answer.n_rows, label, basis: basis(answer) };
  if (clear.length === 0) {
    return t(
      "Of {{n}} texts, none of the covariates is seen to go with {{label}}: every interval contains 0, {{basis}}.",
      values,
    );
  }
  const said = clear.map(({ estimate }) => `${estimate.name} ${coefficientWords(estimate)}`);
  const what = { ...values, found: listed(said, t("and")) };
  return answer.kind === "logistic"
    ? t("Of {{n}} texts, the log-odds of {{label}} change with {{found}}, {{basis}}.", what)
    : t("Of {{n}} texts, the share of {{label}} changes with {{found}}, {{basis}}.", what);
}

const KINDS: Readonly<Record<QuestionKind, string>> = {
  prevalence: t("share of texts with a label"),
  "mean-by-group": t("share in each group, or over time"),
  linear: t("linear regression"),
  logistic: t("logistic regression"),
};

export function kindName(kind: QuestionKind): string {
  return KINDS[kind];
}

/** Say what was asked, in a line. */
export function questionWords(asked: Asked): string {
  const labels = asked.labels.length === 0 ? t("all labels") : asked.labels.join(", ");
  if (asked.kind === "prevalence") return t("Share of {{labels}}", { labels });
  if (asked.kind === "mean-by-group") {
    return t("Share of {{labels}} by {{by}}", { labels, by: asked.by ?? "" });
  }
  const on = asked.covariates.map(({ column }) => column).join(", ");
  return asked.kind === "linear"
    ? t("Linear regression of {{labels}} on {{on}}", { labels, on })
    : t("Logistic regression of {{labels}} on {{on}}", { labels, on });
}

export function estimatorTitle(name: string, components: readonly ComponentInfo[]): string {
  const found = components.find((each) => each.kind === "estimator" && each.name === name);
  return found?.title ?? name;
}

/** Write the level of intervals: "95 %". */
export function levelWords(level: number): string {
  return unit(figure(Math.round(level * 1e4) / 100), "%");
}

/** Write what a methods section needs: the question, the labels, the estimator and its source. */
export function methodsText(answer: Answer, estimator: string): string {
  const figure = answer.rows[0].estimate;
  const from = answer.of === "" || answer.of === "the corpus" ? t("the corpus") : told(answer.of);
  const lines = [
    t("{{question}}: {{n}} texts ({{of}}).", {
      question: questionWords(answer),
      n: answer.n_rows,
      of: from,
    }),
    t("Human labels: {{n}}, of {{human}}.", { n: figure.n_human, human: humanWords(answer) }),
    ...(answer.model_name === null
      ? []
      : [
          answer.machine === "labels"
            ? t("Machine labels: the labels predicted by {{model}}.", { model: answer.model_name })
            : t("Machine labels: the probabilities predicted by {{model}}.", {
                model: answer.model_name,
              }),
        ]),
    t("Estimator: {{estimator}} ({{citation}}); {{level}} confidence intervals.", {
      estimator,
      citation: figure.citation,
      level: levelWords(answer.level),
    }),
    answer.population === "corpus"
      ? t("The figures are of these texts, not of a larger population.")
      : t("The texts are taken for a random sample of a larger population."),
    ...answer.notes.map(told),
    "",
    JSON.stringify(requestOf(answer)),
  ];
  return lines.join("\n");
}

/** The question as it can be sent again. */
function requestOf(answer: Answer): object {
  const { kind, labels, by, covariates, human, sample_name, nonresponse, model_name } = answer;
  const { machine, estimator, params, level, population, seed } = answer;
  return {
    question: {
      kind,
      labels,
      ...(by === null ? {} : { by }),
      ...(covariates.length === 0 ? {} : { covariates }),
    },
    human,
    ...(sample_name === null ? {} : { sample: sample_name }),
    nonresponse,
    ...(model_name === null ? {} : { model: model_name, machine }),
    estimator,
    params,
    level,
    population,
    seed,
  };
}

/** The rows of an answer as a table that is saved, the heads in the server's terms. */
export function tableOf(answer: Answer): readonly (readonly (string | number | null)[])[] {
  const head = [
    ["label", "group", "figure", "value", "low", "high", "standard_error", "level"],
    ["n_human", "n_machine", "n_effective", "alone", "alone_low", "alone_high", "counted"],
    ["method", "citation", "warnings"],
  ].flat();
  const rows = answer.rows.map(({ label, group, estimate, alone, counted }) => [
    label,
    group,
    estimate.name,
    estimate.value,
    estimate.low,
    estimate.high,
    estimate.standard_error,
    estimate.level,
    estimate.n_human,
    estimate.n_machine,
    estimate.n_effective,
    alone?.value ?? null,
    alone?.low ?? null,
    alone?.high ?? null,
    counted,
    estimate.method,
    estimate.citation,
    estimate.warnings.join(" "),
  ]);
  return [head, ...rows];
}

/** The signs of a plot's labels for whoever reads a list: one name per group or label. */
export function rowTitle(answer: Answer, row: Row): string {
  if (isRegression(answer)) return row.estimate.name;
  if (answer.kind === "mean-by-group") return row.group ?? "";
  return row.label;
}

/** A label's rows are drawn together; regressions leave the intercept to the table. */
export function drawnParts(
  answer: Answer,
): readonly { readonly label: string | null; readonly rows: readonly Row[] }[] {
  if (answer.kind === "prevalence") return [{ label: null, rows: answer.rows }];
  return labelsIn(answer).map((label) => ({
    label,
    rows: answer.rows.filter(
      (row) => row.label === label && !(isRegression(answer) && row.estimate.name === "intercept"),
    ),
  }));
}
