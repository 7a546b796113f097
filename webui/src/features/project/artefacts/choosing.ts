import type { ComponentInfo, FeatureInfo, SchemeInfo } from "@/api/schema";
import { slugged } from "../slug";

interface Resources {
  readonly heavy?: boolean;
  readonly gpu?: boolean;
}

function resources({ capabilities }: ComponentInfo): Resources {
  return (capabilities.resources ?? {}) as Resources;
}

/** The feature to begin with: dense, and quick on any machine. */
export function firstFeature(components: readonly ComponentInfo[]): ComponentInfo | undefined {
  const light = components.filter((each) => !resources(each).heavy && !resources(each).gpu);
  return (
    light.find(({ capabilities }) => capabilities.sparse !== true) ?? light[0] ?? components[0]
  );
}

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

/** The model to begin with: what is quick enough to guide annotators is quick. */
export function firstModel(models: readonly ComponentInfo[]): ComponentInfo | undefined {
  return models.find(({ capabilities }) => capabilities.guide === true) ?? models[0];
}

export function readsFeatures(component: ComponentInfo | undefined): boolean {
  return component?.capabilities.reads === "features";
}

/** The features that a model begins with: the newest that is dense, or the newest. */
export function firstFeatures(features: readonly FeatureInfo[]): readonly string[] {
  const newest = features.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  const first = newest.find(({ sparse }) => !sparse) ?? newest[0];
  return first === undefined ? [] : [first.name];
}

/** Find a name that is free: "logistic", then "logistic-2". */
export function freeName(wish: string, taken: readonly string[]): string {
  const name = slugged(wish);
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name.slice(0, 58)}-${number}`;
    if (!taken.includes(tried)) return tried;
  }
}
