import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { PaletteButton } from "@/shared/actions/palette/PaletteButton";
import { JobsTray } from "@/shared/jobs/JobsTray";
import { meQuery } from "@/shared/session/me";
import { rememberLanguage } from "@/shared/session/preferences";
import { endSession, useSession } from "@/shared/session/session";
import { useAppearance } from "@/shared/session/usePreferences";
import { APPEARANCE_NAMES, APPEARANCES } from "@/shared/theme/appearance";
import { ownName } from "@/shared/words/languages";
import { language, languages, t } from "@/shared/words/translate";
import classes from "./TopBar.module.css";

/** The strip at the top: where one is, what `children` add to it, and who one is. */
export function TopBar({ path, children }: { path?: ReactNode; children?: ReactNode }) {
  return (
    <header className={classes.bar}>
      <nav className={classes.path} aria-label={t("Place")}>
        <Link to="/" className={classes.brand}>
          kodkod
        </Link>
        {path}
      </nav>
      <div className={classes.middle}>{children}</div>
      <PaletteButton />
      <JobsTray />
      <AccountMenu />
    </header>
  );
}

function AccountMenu() {
  const session = useSession();
  const [appearance, setAppearance] = useAppearance();
  if (session === null) return null;
  const signOut = () => {
    // The token is forgotten here even where the server cannot be told.
    void api.DELETE("/api/v1/auth/token").catch(() => undefined);
    endSession();
  };
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button
          type="button"
          className={classes.account}
          aria-label={t("Account: {{username}}", { username: session.username })}
        >
          <span>{session.username}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link {...props} to="/account" />}>
          {t("Account")}
        </Menu.Item>
        <ForRoot />
        <Menu.Divider />
        {APPEARANCES.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setAppearance(scheme)}
            rightSection={appearance === scheme ? "✓" : null}
          >
            {APPEARANCE_NAMES[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {languages.map((name) => (
          <Menu.Item
            key={name}
            lang={name}
            onClick={() => void rememberLanguage(name)}
            rightSection={name === language() ? "✓" : null}
          >
            {ownName(name)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>{t("Sign out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What only root may see; asked when the menu is opened, as nothing else needs the role. */
function ForRoot() {
  const me = useQuery(meQuery);
  if (me.data?.role !== "root") return null;
  return (
    <Menu.Item renderRoot={(props) => <Link {...props} to="/monitor" />}>{t("Monitor")}</Menu.Item>
  );
}
