import { useQuery } from "@tanstack/react-query";
import type { SchemeInfo } from "@/api/schema";
import { featuresQuery, modelsQuery } from "@/shared/artefacts/api";
import type { Given } from "@/shared/artefacts/strategies";

/** What there is for strategies to read in this scheme. */
export function useGiven(slug: string, { guide, name }: SchemeInfo): Given {
  const features = useQuery(featuresQuery(slug)).data ?? [];
  const predictors = (useQuery(modelsQuery(slug)).data ?? []).filter(
    ({ scheme }) => scheme === name,
  );
  const models = predictors.filter(({ kind }) => kind === "model");
  return {
    guide: guide !== null,
    embeddings: features.some(({ sparse }) => !sparse),
    committee: (guide?.ensemble ?? 0) >= 2 || models.length >= 2,
    llm: predictors.some(
      ({ kind, predicted_rows }) => kind === "labeller" && predicted_rows !== null,
    ),
  };
}
