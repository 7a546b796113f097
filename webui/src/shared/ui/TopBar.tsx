import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { JobsTray } from "@/shared/jobs/JobsTray";
import { meQuery } from "@/shared/session/me";
import { endSession, useSession } from "@/shared/session/session";
import classes from "./TopBar.module.css";

/** The strip at the top: where one is, what `children` add to it, and who one is. */
export function TopBar({ path, children }: { path?: ReactNode; children?: ReactNode }) {
  return (
    <header className={classes.bar}>
      <nav className={classes.path} aria-label="Place">
        <Link to="/" className={classes.brand}>
          kodkod
        </Link>
        {path}
      </nav>
      <div className={classes.middle}>{children}</div>
      <JobsTray />
      <AccountMenu />
    </header>
  );
}

function AccountMenu() {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
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
          aria-label={`Account: ${session.username}`}
        >
          <span>{session.username}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <ForRoot />
        {(["auto", "light", "dark"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? "✓" : null}
          >
            {SCHEME_NAMES[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What only root may see; asked when the menu is opened, as nothing else needs the role. */
function ForRoot() {
  const me = useQuery(meQuery);
  if (me.data?.role !== "root") return null;
  return (
    <>
      <Menu.Item renderRoot={(props) => <Link {...props} to="/monitor" />}>Monitor</Menu.Item>
      <Menu.Divider />
    </>
  );
}

const SCHEME_NAMES = { auto: "As the system", light: "Light", dark: "Dark" } as const;
