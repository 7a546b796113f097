import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { type Place, threadsQuery } from "../api";
import { Discussion } from "../discuss/Discussion";
import { standings, unreadIn } from "../discuss/threads";
import type { AgreementSearch } from "../search";
import classes from "./Adjudication.module.css";
import { BulkAccept } from "./BulkAccept";
import { DecisionDesk } from "./DecisionDesk";
import { Filters } from "./Filters";
import { NothingToDecide } from "./NothingToDecide";
import { QueueList } from "./QueueList";
import { useDeciding } from "./useDeciding";

interface Props {
  place: Place;
  project: ProjectInfo;
  scheme: SchemeInfo;
  search: AgreementSearch;
  onSearch: (search: AgreementSearch) => void;
}

/** What coders disagree on, one text after the other, and what is said about it. */
export function Adjudication({ place, project, scheme, search, onSearch }: Props) {
  const deciding = useDeciding(place, scheme, search);
  const threads = useQuery(threadsQuery(place, null));
  const [bulk, setBulk] = useState(false);
  const { found, item, queue } = deciding;
  const talk = standings(threads.data ?? []);
  const unread = unreadIn(talk);
  return (
    <>
      <div className={classes.above}>
        <Filters slug={place.slug} scheme={scheme} search={search} onSearch={onSearch} />
        <div className={classes.ways}>
          {unread > 0 && (
            <p role="status">{t("{{count}} discussions have something new.", { count: unread })}</p>
          )}
          <Button variant="default" size="xs" onClick={() => setBulk(!bulk)} aria-expanded={bulk}>
            {t("Accept suggestions…")}
          </Button>
        </div>
      </div>
      {bulk && <BulkAccept place={place} consensus={search.by} onClose={() => setBulk(false)} />}
      {found.error && <Notice error={found.error} />}
      {found.isPending && <Skeleton lines={6} />}
      {found.data && item === null && (
        <NothingToDecide
          place={place}
          scheme={scheme}
          search={search}
          onSearch={onSearch}
          deciding={deciding}
        />
      )}
      {item !== null && (
        <div className={classes.columns}>
          <QueueList
            queue={queue}
            front={item.id}
            talk={talk}
            onChoose={deciding.choose}
            more={found.hasNextPage ? () => void found.fetchNextPage() : null}
          />
          <DecisionDesk key={item.id} deciding={deciding} project={project} scheme={scheme} />
          <Discussion key={`talk/${item.id}`} place={place} id={item.id} />
        </div>
      )}
    </>
  );
}
