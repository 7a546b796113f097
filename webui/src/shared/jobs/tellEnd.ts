import type { JobView } from "@/api/schema";
import { notify } from "@/shared/notices/notices";
import { cost } from "@/shared/words/energy";
import { t, told } from "@/shared/words/translate";
import { setTray, trayOpened } from "./trayState";
import { ending, jobTitle } from "./words";

/**
 * Raise a quiet notice of how one of the user's jobs has ended.
 *
 * What was stopped is no news, nor what is on view in the open tray.
 */
export function tellEnd(job: JobView): void {
  if (job.state === "cancelled" || trayOpened()) return;
  const failed = job.state === "failed";
  const title = jobTitle(job);
  notify({
    id: `job ${job.id}`,
    tone: failed ? "bad" : "good",
    title: failed ? t("{{title}}: failed", { title }) : t("{{title}}: done", { title }),
    text: failed
      ? job.error === null
        ? t("Its log may say why.")
        : told(job.error)
      : sentence(job),
    action: { title: t("Show jobs"), run: () => setTray(true) },
  });
}

function sentence(job: JobView): string {
  const spent = cost(job);
  const facts = [ending(job), ...(spent === null ? [] : [spent])];
  return facts.map((fact) => `${fact.replace(/^./, (first) => first.toUpperCase())}.`).join(" ");
}
