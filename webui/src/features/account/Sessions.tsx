import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SessionView } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ago, moment } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import classes from "./Account.module.css";
import { endOtherSessions, endSession, sessionsQuery } from "./api";
import { currentFirst, device } from "./words";

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const again = () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const ending = useMutation({ mutationFn: endSession, onSettled: again });
  const endingAll = useMutation({ mutationFn: endOtherSessions, onSettled: again });
  const error = sessions.error ?? ending.error ?? endingAll.error;
  const [all, setAll] = useState(false);
  const listed = currentFirst(sessions.data ?? []);
  const hidden = all ? 0 : Math.max(0, listed.length - FIRST);
  const others = (sessions.data ?? []).filter(({ current }) => !current).length;
  return (
    <section aria-labelledby="sessions" className={classes.section}>
      <div className={classes.head}>
        <h2 id="sessions">{t("Sessions")}</h2>
        {others > 1 && (
          <Button
            variant="default"
            loading={endingAll.isPending}
            onClick={() => endingAll.mutate()}
          >
            {t("End all others")}
          </Button>
        )}
      </div>
      <p>{t("Where you are signed in. End what you do not know, then change the password.")}</p>
      {error && <Notice error={error} />}
      {sessions.isPending && <Skeleton />}
      <ul className={classes.list}>
        {listed.slice(0, listed.length - hidden).map((session) => (
          <li key={session.id} className={classes.line}>
            <Session session={session} />
            {!session.current && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("End the session of {{device}}", { device: device(session.agent) })}
                loading={ending.isPending && ending.variables === session.id}
                onClick={() => ending.mutate(session.id)}
              >
                {t("End")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="default" size="compact-sm" mt="sm" onClick={() => setAll(true)}>
          {t("Show {{count}} more", { count: hidden })}
        </Button>
      )}
    </section>
  );
}

/** So many are shown at first; who signs in by scripts has hundreds. */
const FIRST = 8;

function Session({ session }: { session: SessionView }) {
  const now = useServerNow(60_000);
  const { agent, address, way, created_at, last_used_at, expires_at, current } = session;
  return (
    <div className={classes.what}>
      <h3>{device(agent)}</h3>
      <span className={classes.kind}>
        {current ? t("this one") : t("from {{address}}", { address })}
      </span>
      <p>
        {t("Began {{when}} by {{way}}, ends {{end}}.", {
          when: ago(created_at, now),
          way,
          end: moment(expires_at),
        })}{" "}
        {last_used_at !== null && t("Last used {{when}}.", { when: ago(last_used_at, now) })}
      </p>
    </div>
  );
}
