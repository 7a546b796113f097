import type { Action } from "@/shared/actions/action";
import { EVERYWHERE } from "@/shared/actions/present";
import { t } from "@/shared/words/translate";
import { toggleTray } from "./trayState";

/** Opens the tray, and closes it. */
export const jobsAction: Action = {
  id: "jobs",
  title: t("Jobs"),
  section: EVERYWHERE,
  keys: ["j"],
  run: toggleTray,
};
