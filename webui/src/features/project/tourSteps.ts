import type { TourStep } from "@/shared/tour/Tour";
import { t } from "@/shared/words/translate";

/** What somebody who sees a project for the first time is shown; all of it is on its overview. */
export const tourSteps: readonly TourStep[] = [
  {
    target: "annotate",
    title: t("Annotate"),
    text: t("One text, one decision: press the key of a label and the next text is there."),
  },
  {
    target: "guide",
    title: t("The guide"),
    text: t("It learns from what you code, chooses what to code next, and says when to stop."),
  },
  {
    target: "/projects/$slug/explore",
    title: t("Explore"),
    text: t(
      "All texts in a table that is searched, filtered and sorted; many can be labelled at once.",
    ),
  },
  {
    target: "/projects/$slug/agreement",
    title: t("Agreement"),
    text: t(
      "Where people differ, side by side, to be decided; and how far they agree, with intervals.",
    ),
  },
  {
    target: "/projects/$slug/settings",
    title: t("Export"),
    text: t("Annotations, predictions and codebooks as files, among the project’s settings."),
  },
  {
    target: "palette",
    title: t("Find anything"),
    text: t("Ctrl+K finds whatever can be done or gone to, and ? lists the keys of each page."),
  },
];
