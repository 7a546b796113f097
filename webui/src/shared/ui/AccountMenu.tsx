import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "@/api/client";
import { meQuery } from "@/shared/session/me";
import { rememberLanguage } from "@/shared/session/preferences";
import { endSession } from "@/shared/session/session";
import { useAppearance } from "@/shared/session/usePreferences";
import { APPEARANCE_NAMES, APPEARANCES } from "@/shared/theme/appearance";
import { ownName } from "@/shared/words/languages";
import { language, languages, t } from "@/shared/words/translate";
import { AccountButton } from "./AccountButton";

interface Props {
  username: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

/** The menu behind one's name. It takes the place of a button that had the focus. */
export function AccountMenu({ username, opened, onChange }: Props) {
  const [appearance, setAppearance] = useAppearance();
  const signOut = () => {
    // The token is forgotten here even where the server cannot be told.
    void api.DELETE("/api/v1/auth/token").catch(() => undefined);
    endSession();
  };
  return (
    <Menu
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <AccountButton username={username} autoFocus />
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
