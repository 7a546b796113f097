import { t } from "@/shared/words/translate";

/** The pages of a project, in the order in which work goes on; a page is listed once it exists. */
export const places = [
  { to: "/projects/$slug", title: t("Overview") },
  { to: "/projects/$slug/explore", title: t("Explore") },
  { to: "/projects/$slug/models", title: t("Models") },
  { to: "/projects/$slug/llm", title: t("Language models") },
  { to: "/projects/$slug/results", title: t("Results") },
  { to: "/projects/$slug/team", title: t("Team") },
  { to: "/projects/$slug/agreement", title: t("Agreement") },
  { to: "/projects/$slug/quality", title: t("Quality") },
  { to: "/projects/$slug/jobs", title: t("Jobs") },
  { to: "/projects/$slug/settings", title: t("Settings") },
] as const;
