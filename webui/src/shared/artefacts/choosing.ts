import type { ComponentInfo, FeatureInfo, SchemeInfo } from "@/api/schema";

/** The models that can learn a scheme. */
export function modelsFor(
  components: readonly ComponentInfo[],
  scheme: SchemeInfo | undefined,
): readonly ComponentInfo[] {
  if (scheme === undefined) return [];
  return components.filter(({ kind, capabilities }) => {
    const types = capabilities.scheme_types;
    return kind === "model" && (!Array.isArray(types) || types.includes(scheme.type));
  });
}

/** The models that learn a scheme fast enough to be refreshed while people annotate. */
export function guidingModels(
  components: readonly ComponentInfo[],
  scheme: SchemeInfo,
): readonly ComponentInfo[] {
  return modelsFor(components, scheme).filter(({ capabilities }) => capabilities.guide === true);
}

/** The model to begin with: what is quick enough to guide annotators is quick. */
export function firstModel(models: readonly ComponentInfo[]): ComponentInfo | undefined {
  return models.find(({ capabilities }) => capabilities.guide === true) ?? models[0];
}

/** The features that a model begins with: the newest that is dense, or the newest. */
export function firstFeatures(features: readonly FeatureInfo[]): readonly string[] {
  const newest = features.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  const first = newest.find(({ sparse }) => !sparse) ?? newest[0];
  return first === undefined ? [] : [first.name];
}
