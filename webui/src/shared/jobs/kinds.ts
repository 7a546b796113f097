import { t } from "@/shared/words/translate";

/** What the kernel's own jobs do, where a sentence with names says no more of them. */
export const KIND_TITLES: Readonly<Record<string, string>> = {
  index: t("Index a feature"),
  "plan-labelling": t("Plan a labelling"),
  label: t("Label texts"),
  "export-model": t("Write a model"),
  compare: t("Compare two models"),
  estimate: t("Estimate"),
  "learning-curve": t("Draw a learning curve"),
  projection: t("Make a map"),
  "extend-projection": t("Extend a map"),
  topics: t("Find topics"),
  "extend-topics": t("Extend topics"),
  "topic-operation": t("Change topics"),
  assess: t("Assess the guide"),
  simulate: t("Simulate strategies"),
  encode: t("Encode a text"),
};
