import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { membersQuery, type Place, startThread, threadsQuery } from "../api";
import { Composer } from "./Composer";
import classes from "./Discussion.module.css";
import { WRITE_HERE } from "./focus";
import { Thread } from "./Thread";

/** What people say to each other about a text. */
export function Discussion({ place, id }: { place: Place; id: string }) {
  const client = useQueryClient();
  const me = useSession()?.username ?? null;
  const found = useQuery(threadsQuery(place, id));
  const members = useQuery(membersQuery(place.slug)).data ?? [];
  const names = members.map(({ username }) => username).filter((name) => name !== me);
  const refresh = () => client.invalidateQueries({ queryKey: ["project", place.slug, "threads"] });
  const starting = useMutation({
    mutationFn: (text: string) => startThread(place.slug, { id, scheme: place.scheme, text }),
    onSuccess: refresh,
  });
  const open = found.data?.filter(({ resolved_at }) => resolved_at === null) ?? [];
  const resolved = found.data?.filter(({ resolved_at }) => resolved_at !== null) ?? [];
  // The newest thread that is open is where one answers first.
  const answered = open.at(-1)?.id;
  return (
    <aside className={classes.discussion} aria-label={t("Discussion")}>
      <h2>{t("Discussion")}</h2>
      {found.error && <Notice error={found.error} />}
      {found.isPending && <Skeleton />}
      {found.data?.length === 0 && (
        <p className={classes.none}>
          {t("Nobody has said anything about this text. @ and a name tells somebody of it.")}
        </p>
      )}
      {[...open, ...resolved].map((thread) => (
        <Thread
          key={thread.id}
          slug={place.slug}
          thread={thread}
          me={me}
          names={names}
          field={thread.id === answered ? WRITE_HERE : undefined}
          onChanged={refresh}
        />
      ))}
      {starting.error && <Notice error={starting.error} />}
      {found.data && open.length === 0 && (
        <Composer
          id={WRITE_HERE}
          label={t("Say something about this text")}
          send={t("Say it")}
          names={names}
          busy={starting.isPending}
          onSend={(text) => starting.mutateAsync(text)}
        />
      )}
    </aside>
  );
}
