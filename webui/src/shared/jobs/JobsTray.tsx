import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { shownKey } from "@/shared/actions/action";
import { useStreamState } from "@/shared/events/events";
import { useSession } from "@/shared/session/session";
import { useLater } from "@/shared/ui/useLater";
import { t } from "@/shared/words/translate";
import { jobsAction } from "./actions";
import { myJobsQuery } from "./api";
import classes from "./JobsTray.module.css";
import {
  lastEnd,
  setTray,
  sortOut,
  type Tray,
  toggleTray,
  useSeen,
  useTrayOpened,
} from "./trayState";
import { traySummary } from "./words";

/** The user's jobs, in the top bar of every page: a quiet sign, and a panel behind it. */
export function JobsTray() {
  const user = useSession()?.username;
  return user === undefined ? null : <UserTray key={user} user={user} />;
}

function UserTray({ user }: { user: string }) {
  const jobs = useQuery(myJobsQuery(user));
  const [seen, see] = useSeen(user);
  const opened = useTrayOpened();
  const tray = sortOut(jobs.data ?? [], seen);
  const looked = useEffectEvent(() => see(lastEnd(tray)));
  useEffect(() => (opened ? () => looked() : undefined), [opened]);
  // A page that is left does not leave its panel to the next.
  useEffect(() => () => setTray(false), []);
  const [pressed, setPressed] = useState(false);
  const TrayPopover = useLater(loadPopover, opened);
  const [used, setUsed] = useState(false);
  if (opened && !used) setUsed(true);
  const press = () => {
    setPressed(true);
    toggleTray();
  };
  if (TrayPopover === null || !used) return <Sign tray={tray} opened={opened} onPress={press} />;
  return (
    <TrayPopover
      opened={opened}
      tray={tray}
      pending={jobs.isPending}
      error={jobs.error}
      // The sign that was pressed is another one from now on: it has the focus that was on that.
      sign={<Sign tray={tray} opened={opened} onPress={press} autoFocus={pressed} />}
    />
  );
}

const loadPopover = async () => (await import("./TrayPopover")).TrayPopover;

interface SignProps {
  ref?: React.Ref<HTMLButtonElement>;
  tray: Tray;
  opened: boolean;
  autoFocus?: boolean;
  onPress: () => void;
}

/** How many run, how far they are together, and whether one has failed unseen. */
function Sign({ ref, tray, opened, onPress, ...target }: SignProps) {
  const { running, queued, unseen } = tray;
  const state = useStreamState();
  const live = running.length + queued.length;
  const word = live === 0 ? t("Jobs") : t("{{count}} jobs", { count: live });
  const key = jobsAction.keys[0];
  return (
    <button
      {...target}
      ref={ref}
      type="button"
      className={classes.sign}
      aria-haspopup="dialog"
      aria-expanded={opened}
      {...(key === undefined
        ? {}
        : { "aria-keyshortcuts": key, title: t("Jobs ({{key}})", { key: shownKey(key) }) })}
      data-broken={state === "broken"}
      onClick={onPress}
    >
      <span
        className={classes.ring}
        data-live={running.length > 0}
        style={{ "--share": together(running) }}
      />
      <span className={classes.word}>{word}</span>
      <span className={classes.unseen}>{traySummary(running.length, queued.length)}</span>
      {unseen.length > 0 && (
        <span className={classes.failed}>{t("{{n}} failed", { n: unseen.length })}</span>
      )}
    </button>
  );
}

function together(running: Tray["running"]): number {
  const sum = running.reduce((total, { progress }) => total + (progress ?? 0), 0);
  return running.length === 0 ? 0 : sum / running.length;
}
