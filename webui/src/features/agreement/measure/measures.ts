import type { ComponentInfo } from "@/api/schema";

/** The coefficients of a type of scheme, and those that are given where nobody asks for others. */
export interface Measures {
  readonly all: readonly string[];
  readonly usual: readonly string[];
}

/** Find what can be asked for a type of scheme. */
export function measuresFor(components: readonly ComponentInfo[], type: string): Measures {
  const found = components.find(({ capabilities }) =>
    words(capabilities, "scheme_types").includes(type),
  );
  if (found === undefined) return { all: [], usual: [] };
  return { all: words(found.capabilities, "measures"), usual: words(found.capabilities, "usual") };
}

function words(capabilities: object, key: string): readonly string[] {
  const value: unknown = Reflect.get(capabilities, key);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
