import type { ComponentInfo } from "@/api/schema";

interface Wish {
  readonly title?: string;
  readonly needs?: readonly string[];
  readonly types?: readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
}

/** Make a strategy as the server lists it. */
export function aStrategy(name: string, wish: Wish = {}): ComponentInfo {
  const { title = name, needs = [], types = [], properties = {} } = wish;
  return {
    kind: "strategy",
    name,
    title,
    summary: `What ${title} does`,
    plugin: "kodkod-selection",
    version: "1",
    capabilities: { needs: [...needs], uses: [], scheme_types: [...types], uniform: false },
    schema: {
      type: "object",
      properties: { ...properties },
      required: Object.entries(properties).flatMap(([key, each]) =>
        "default" in each ? [] : [key],
      ),
    },
  };
}

const LABEL = { label: { type: "string", description: "The label to look for", minLength: 1 } };
const BASE = {
  base: {
    type: "string",
    description: "The strategy whose order is changed",
    "x-mode": "easy",
    "x-component": "strategy",
    default: "breaking-ties",
  },
  base_params: {
    type: "object",
    description: "The params of that strategy",
    "x-mode": "pro",
    default: {},
  },
};

/** A few of each kind that there is. */
export const someStrategies: readonly ComponentInfo[] = [
  aStrategy("random", { title: "At random" }),
  aStrategy("breaking-ties", { title: "Between two labels", needs: ["probabilities"] }),
  aStrategy("max-probability", {
    title: "Most likely a label",
    needs: ["probabilities"],
    properties: LABEL,
  }),
  aStrategy("badge", { title: "Diverse gradients", needs: ["probabilities", "embeddings"] }),
  aStrategy("typiclust", {
    title: "Typical texts",
    needs: ["embeddings"],
    properties: { batch: { type: "integer", minimum: 1, default: 25, "x-mode": "medium" } },
  }),
  aStrategy("bald", { title: "Tells the models apart", needs: ["committee"] }),
  aStrategy("llm-disagreement", { title: "LLM against guide", needs: ["probabilities", "llm"] }),
  aStrategy("label-errors", { title: "Likely mistakes", needs: ["probabilities", "labelled"] }),
  aStrategy("cvirs", {
    title: "Unusual sets",
    needs: ["probabilities", "labelled"],
    types: ["multilabel"],
  }),
  aStrategy("rare-mix", {
    title: "With likely rare ones",
    needs: ["base", "probabilities", "labelled"],
    properties: {
      ...BASE,
      rare: {
        type: "array",
        items: { type: "string" },
        description: "The labels to look for",
        "x-mode": "easy",
        default: [],
      },
    },
  }),
];
