import type { Action } from "@/shared/actions/action";
import { t } from "@/shared/words/translate";

/** What is opened below the strip: a condition to add, or the order with all that it can be told. */
export type Opened = "condition" | "order";

/** What the strip can do. Conditions go one by one by their own buttons, all at once without a key. */
export interface StripActions {
  readonly condition: Action;
  readonly order: Action;
  readonly clear: Action;
}

interface Controls {
  readonly toggle: (part: Opened) => void;
  readonly clear: () => void;
  /** Whether there is a filter to clear. */
  readonly filtered: boolean;
  /** Whether texts and their order are for choosing: those of a drawn sample are not. */
  readonly choosing: boolean;
}

export function stripActions({ toggle, clear, filtered, choosing }: Controls): StripActions {
  const section = t("Texts");
  return {
    condition: {
      id: "strip.condition",
      title: t("Filter"),
      section,
      keys: ["s"],
      disabled: !choosing,
      run: () => toggle("condition"),
    },
    order: {
      id: "strip.order",
      title: t("Set the order"),
      section,
      keys: ["o"],
      disabled: !choosing,
      run: () => toggle("order"),
    },
    clear: {
      id: "strip.clear",
      title: t("Clear the filter"),
      section,
      keys: [],
      disabled: !filtered,
      run: clear,
    },
  };
}
