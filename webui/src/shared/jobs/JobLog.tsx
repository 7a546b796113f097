import { useQuery } from "@tanstack/react-query";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { logQuery } from "./api";
import classes from "./JobLog.module.css";

/** What a job has written, as it writes it. */
export function JobLog({ id }: { id: string }) {
  const log = useQuery(logQuery(id));
  if (log.error) return <Notice error={log.error} />;
  if (log.isPending) return <p className={classes.none}>{t("Reading the log…")}</p>;
  if (log.data.length === 0) return <p className={classes.none}>{t("It has written nothing.")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.log} aria-label={t("Log")} tabIndex={0}>
      <pre dir="auto">{log.data.join("\n")}</pre>
    </section>
  );
}
