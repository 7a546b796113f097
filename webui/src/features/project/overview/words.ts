import type { AgreementView, HistoryEntry, ModelInfo } from "@/api/schema";
import { percent } from "@/shared/words/number";
import { language, t } from "@/shared/words/translate";
import type { StepKind } from "./nextStep";

/** Say what is advisable next, and what its button is called. */
export function stepWords(kind: StepKind, scheme: string): { why: string; button: string } {
  switch (kind) {
    case "scheme":
      return {
        why: t("Make a scheme: what do you want to know of each text?"),
        button: t("Make a scheme"),
      };
    case "start":
      return {
        why: t("Nothing is coded in {{scheme}} yet. Begin with the first texts.", { scheme }),
        button: t("Code the first texts"),
      };
    case "codebook":
      return {
        why: t("Write down what counts as what in {{scheme}}, while the first texts are fresh.", {
          scheme,
        }),
        button: t("Write the codebook"),
      };
    case "annotate":
      return { why: t("Go on coding in {{scheme}}.", { scheme }), button: t("Go on coding") };
    case "feature":
      return {
        why: t("Compute a feature, which turns each text into numbers to learn from."),
        button: t("Compute a feature"),
      };
    case "guide":
      return {
        why: t("Set a guide for {{scheme}}: it chooses the texts from which most can be learnt.", {
          scheme,
        }),
        button: t("Set a guide"),
      };
    case "test":
      return {
        why: t("Code texts that are kept to test: only they tell how good a model is."),
        button: t("Code test texts"),
      };
    case "model":
      return {
        why: t("Train a model on what is coded in {{scheme}}, and let it predict the rest.", {
          scheme,
        }),
        button: t("Train a model"),
      };
    case "stopping":
      return {
        why: t("See whether more labels in {{scheme}} would still change anything.", { scheme }),
        button: t("When to stop"),
      };
    case "export":
      return {
        why: t("All texts are coded in {{scheme}}. Take the result with you.", { scheme }),
        button: t("Export"),
      };
  }
}

/** How good a model is on texts that it has not learnt from. */
export interface Judged {
  readonly model: ModelInfo;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** Return the best model, by the share of held-out annotations that it agrees with. */
export function bestModel(models: readonly ModelInfo[]): Judged | null {
  return models.reduce<Judged | null>((best, model) => {
    const judged = judge(model);
    return judged !== null && (best === null || judged.value > best.value) ? judged : best;
  }, null);
}

function judge(model: ModelInfo): Judged | null {
  const report = model.scores.test ?? model.scores.valid;
  const score = report?.overall.accuracy ?? null;
  if (report === undefined || score?.value == null) return null;
  return {
    model,
    value: score.value,
    low: score.low ?? null,
    high: score.high ?? null,
    n: report.n,
  };
}

/** Say how good the best model is: "first agrees with 84 % of 120 held-out annotations, between 77 % and 90 %." */
export function modelSentence({ model, value, low, high, n }: Judged): string {
  const said = { name: model.name, share: percent(value), n };
  return low === null || high === null
    ? t("{{name}} agrees with {{share}} of {{n}} annotations that it has not seen.", said)
    : t(
        "{{name}} agrees with {{share}} of {{n}} annotations that it has not seen (between {{low}} and {{high}}).",
        { ...said, low: percent(low), high: percent(high) },
      );
}

/** Say how far people agree; null where nobody coded what somebody else coded. */
export function agreementSentence(view: AgreementView): string | null {
  if (view.pairable === 0) return null;
  const share = view.overall.percent;
  if (share?.value != null) {
    return t(
      "On {{count}} texts that several people coded, they agree in {{share}} of the cases.",
      {
        count: view.pairable,
        share: percent(share.value),
      },
    );
  }
  const alpha = view.overall.alpha;
  if (alpha?.value == null) {
    return t("{{count}} texts were coded by several people.", { count: view.pairable });
  }
  const value = new Intl.NumberFormat(language(), { maximumFractionDigits: 2 }).format(alpha.value);
  return t("On {{count}} texts that several people coded, Krippendorff’s alpha is {{value}}.", {
    count: view.pairable,
    value,
  });
}

/** Say what somebody did: "anna: agree". */
export function historySentence({ user, op, value }: HistoryEntry): string {
  if (op === "merge") return t("{{user}} merged labels", { user });
  if (op === "delete") return t("{{user}} deleted a label", { user });
  if (op === "undo") return t("{{user}} took a change of labels back", { user });
  if (op === "promote") return t("{{user}} let a machine’s answers count", { user });
  if (op === "accept") return t("{{user}} accepted suggestions", { user });
  if (value === null) return t("{{user}} took an answer back", { user });
  if (typeof value === "string") return t("{{user}} said {{value}}", { user, value });
  if (!Array.isArray(value)) return t("{{user}} coded a text", { user });
  if (value.length > 0 && value.every((each) => typeof each === "string")) {
    return t("{{user}} said {{value}}", { user, value: value.join(", ") });
  }
  return t("{{user}} coded a text", { user });
}
