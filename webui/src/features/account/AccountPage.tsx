import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/shared/session/me";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { ExternalAccounts } from "./ExternalAccounts";
import { PasswordForm } from "./PasswordForm";
import { Preferences } from "./Preferences";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";
import { roleWords } from "./words";

/** One's own account: how the page looks, the password, where one is signed in, and tokens. */
export function AccountPage() {
  const me = useQuery(meQuery);
  return (
    <>
      <TopBar path={<span>{t("Account")}</span>} />
      <Page>
        {me.error && <Notice error={me.error} />}
        {me.isPending && <Skeleton />}
        {me.data && (
          <>
            <h1 dir="auto">{me.data.username}</h1>
            <p className={classes.about}>{roleWords(me.data.role)}</p>
            <Preferences />
            <PasswordForm username={me.data.username} />
            <Sessions />
            <Tokens />
            {me.data.role === "root" && <ExternalAccounts username={me.data.username} />}
          </>
        )}
      </Page>
    </>
  );
}
