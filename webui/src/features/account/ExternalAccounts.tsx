import { useQuery } from "@tanstack/react-query";
import { Notice } from "@/shared/ui/Notice";
import { moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { externalAccountsQuery } from "./api";

/** Accounts elsewhere that open this one. */
export function ExternalAccounts({ username }: { username: string }) {
  const links = useQuery(externalAccountsQuery(username));
  if (links.data?.length === 0) return null;
  return (
    <section aria-labelledby="external" className={classes.section}>
      <h2 id="external">{t("Accounts elsewhere")}</h2>
      <p>{t("Whoever is signed in to one of these may sign in here as you.")}</p>
      {links.error && <Notice error={links.error} />}
      <ul className={classes.list}>
        {(links.data ?? []).map(({ issuer, subject, linked_at }) => (
          <li key={`${issuer} ${subject}`} className={classes.line}>
            <div className={classes.what}>
              <h3>{issuer}</h3>
              <span className={classes.kind}>{subject}</span>
              <p>{t("Linked {{when}}", { when: moment(linked_at) })}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
