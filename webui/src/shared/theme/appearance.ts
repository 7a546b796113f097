import { t } from "@/shared/words/translate";

/** How the page may look, in the order in which it is offered. */
export const APPEARANCES = ["auto", "light", "dark"] as const;

export const APPEARANCE_NAMES = {
  auto: t("As the system"),
  light: t("Light"),
  dark: t("Dark"),
} as const;
