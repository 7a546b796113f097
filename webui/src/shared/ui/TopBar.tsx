import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { PaletteButton } from "@/shared/actions/palette/PaletteButton";
import { JobsTray } from "@/shared/jobs/JobsTray";
import { useSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import { AccountButton } from "./AccountButton";
import classes from "./TopBar.module.css";
import { useLater } from "./useLater";

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
      <Account />
    </header>
  );
}

const loadMenu = async () => (await import("./AccountMenu")).AccountMenu;

/** Who one is. The menu behind it takes the button's place once somebody has asked for it. */
function Account() {
  const session = useSession();
  const [asked, setAsked] = useState(false);
  const [opened, setOpened] = useState(false);
  const AccountMenu = useLater(loadMenu, asked);
  if (session === null) return null;
  const { username } = session;
  if (AccountMenu !== null && asked) {
    return <AccountMenu username={username} opened={opened} onChange={setOpened} />;
  }
  const ask = () => {
    setAsked(true);
    setOpened(true);
  };
  return <AccountButton username={username} aria-haspopup="menu" onClick={ask} />;
}
