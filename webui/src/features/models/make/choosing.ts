import type { ComponentInfo } from "@/api/schema";
import { slugged } from "@/shared/words/slug";

interface Resources {
  readonly heavy?: boolean;
  readonly gpu?: boolean;
}

function resources({ capabilities }: ComponentInfo): Resources {
  return (capabilities.resources ?? {}) as Resources;
}

/** Whether a component can run with nothing filled in. */
function asksNothing({ schema }: ComponentInfo): boolean {
  return !Array.isArray(schema.required) || schema.required.length === 0;
}

/** The feature to begin with: dense, quick on any machine, and with nothing to fill in. */
export function firstFeature(components: readonly ComponentInfo[]): ComponentInfo | undefined {
  const quick = components.filter((each) => !resources(each).heavy && !resources(each).gpu);
  const light = quick.filter(asksNothing);
  return (
    light.find(({ capabilities }) => capabilities.sparse !== true) ??
    light[0] ??
    quick[0] ??
    components[0]
  );
}

export function readsFeatures(component: ComponentInfo | undefined): boolean {
  return component?.capabilities.reads === "features";
}

/** Find a name that is free: "logistic", then "logistic-2". */
export function freeName(wish: string, taken: readonly string[]): string {
  const name = slugged(wish);
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name.slice(0, 58)}-${number}`;
    if (!taken.includes(tried)) return tried;
  }
}
