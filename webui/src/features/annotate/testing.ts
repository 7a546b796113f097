import type { Element } from "@/api/schema";

/** Make a text as the server hands it out. */
export function anElement(id: string, change: Partial<Element> = {}): Element {
  return {
    id,
    row: 0,
    split: "train",
    text: `Text ${id}`,
    context: {},
    annotations: [],
    prediction: null,
    lease: `lease-${id}`,
    lease_expires_at: "2030-01-01T00:00:00Z",
    strategy: "random",
    selection_probability: null,
    ...change,
  };
}
