import { t } from "@/shared/words/translate";

/** A column of the table: how wide it is, and by what its head sorts. */
export interface Column {
  readonly id:
    | "id"
    | "text"
    | "similarity"
    | "labels"
    | "prediction"
    | "date"
    | `context:${string}`;
  readonly title: string;
  readonly width: string;
  readonly sorts: readonly { readonly by: string; readonly title: string }[];
}

/** The columns that are shown, in their order. */
export function columnsOf(
  context: readonly string[],
  guided: boolean,
  compared: boolean,
): readonly Column[] {
  const similarity: Column = {
    id: "similarity",
    title: t("Similarity"),
    width: "6.5rem",
    sorts: [{ by: "similarity", title: t("Similarity") }],
  };
  const prediction: Column = {
    id: "prediction",
    title: t("Prediction"),
    width: "11rem",
    sorts: [
      { by: "prediction", title: t("Prediction") },
      { by: "confidence", title: t("Confidence") },
    ],
  };
  return [
    { id: "id", title: t("Id"), width: "8rem", sorts: [{ by: "id", title: t("Id") }] },
    {
      id: "text",
      title: t("Text"),
      width: "minmax(18rem, 1fr)",
      sorts: [
        { by: "row", title: t("Text") },
        { by: "length", title: t("Length") },
      ],
    },
    ...(compared ? [similarity] : []),
    {
      id: "labels",
      title: t("Labels"),
      width: "minmax(12rem, 0.4fr)",
      sorts: [
        { by: "label", title: t("Labels") },
        { by: "annotators", title: t("People") },
      ],
    },
    ...(guided ? [prediction] : []),
    ...context.map(
      (name): Column => ({
        id: `context:${name}`,
        title: name,
        width: "9rem",
        sorts: [{ by: `context:${name}`, title: name }],
      }),
    ),
    {
      id: "date",
      title: t("Date"),
      width: "7.5rem",
      sorts: [{ by: "annotated_at", title: t("Date") }],
    },
  ];
}

/** How many context columns are shown where nobody has chosen. */
const SHOWN = 2;

/** The context columns to show: the chosen ones, in the corpus's order, or the first. */
export function shownContext(
  all: readonly string[],
  chosen: readonly string[] | undefined,
): readonly string[] {
  return chosen === undefined ? all.slice(0, SHOWN) : all.filter((name) => chosen.includes(name));
}
