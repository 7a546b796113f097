import { useQuery } from "@tanstack/react-query";
import type { ComponentInfo, Element, SchemeInfo } from "@/api/schema";
import { strategyTitle } from "@/shared/artefacts/strategies";
import { t } from "@/shared/words/translate";
import { strategiesQuery } from "./api";
import type { Question } from "./question";

interface Props {
  element: Element | null;
  scheme: SchemeInfo;
  question: Question;
}

/** By what the text in front was picked, said quietly. */
export function PickedBy({ element, scheme, question }: Props) {
  const strategies = useQuery(strategiesQuery).data ?? [];
  // Whoever has chosen an order does not get the one that a guide begins with.
  const starts = question.strategy === null && scheme.guide?.cold != null;
  // Of a drawn sample, and of texts that somebody has picked, the strip has said so already.
  if (question.drawn !== undefined || element?.strategy === "picked") return null;
  const words = element === null ? null : pickedBy(element, starts, strategies);
  return words === null ? null : <span>{words}</span>;
}

/** Say which strategy picked a text, and whether the guide starts yet or which version it is. */
export function pickedBy(
  { strategy, prediction }: Pick<Element, "strategy" | "prediction">,
  starts: boolean,
  strategies: readonly ComponentInfo[],
): string | null {
  if (strategy == null) return null;
  const title = t("“{{title}}”", { title: strategyTitle(strategies, strategy) });
  if (starts) return t("picked by {{title}} while the guide starts", { title });
  return prediction === null
    ? t("picked by {{title}}", { title })
    : t("picked by {{title}}, guide {{version}}", { title, version: prediction.version });
}
