import type { Action } from "@/shared/actions/action";
import { EVERYWHERE } from "@/shared/actions/present";
import { toggleTray } from "./trayState";

/** Opens the tray, and closes it. */
export const jobsAction: Action = {
  id: "jobs",
  title: "Jobs",
  section: EVERYWHERE,
  keys: ["j"],
  run: toggleTray,
};
