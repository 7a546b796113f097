import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { GoldText, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { goldQuery, type Place } from "../api";
import classes from "../Quality.module.css";
import { AddGold } from "./AddGold";
import { GoldLine } from "./GoldLine";
import { Removed } from "./Removed";
import { goldWords } from "./words";

/** The annotators stand below: a long list would hide them. */
const FIRST = 8;

/** The texts whose answer is known, how people do on them, and more of them. */
export function GoldTexts({ place, scheme }: { place: Place; scheme: SchemeInfo }) {
  const gold = useQuery(goldQuery(place));
  const [adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<GoldText | null>(null);
  const [all, setAll] = useState(false);
  const shown = (gold.data ?? []).slice(0, all ? undefined : FIRST);
  const most = Math.max(0, ...(gold.data ?? []).map(({ answered }) => answered));
  return (
    <section aria-labelledby="gold" className={classes.section}>
      <div className={classes.head}>
        <h2 id="gold">{t("Gold texts")}</h2>
        {!adding && <Button onClick={() => setAdding(true)}>{t("Add a gold text")}</Button>}
      </div>
      {gold.data && <p>{goldWords(gold.data)}</p>}
      {gold.data?.length === 0 && scheme.checks !== null && (
        <p>{t("The checks are on and have nothing to ask yet.")}</p>
      )}
      {adding && <AddGold place={place} scheme={scheme} onClose={() => setAdding(false)} />}
      {removed !== null && (
        <Removed place={place} gold={removed} onClose={() => setRemoved(null)} />
      )}
      {gold.isPending && <Skeleton />}
      {gold.error && (
        <Notice error={gold.error}>
          <Button size="compact-sm" variant="default" onClick={() => void gold.refetch()}>
            {t("Try again")}
          </Button>
        </Notice>
      )}
      {gold.data && gold.data.length > 0 && (
        <ul className={classes.gold} aria-labelledby="gold">
          {shown.map((each) => (
            <GoldLine
              key={each.id}
              place={place}
              scheme={scheme}
              gold={each}
              most={most}
              onRemoved={() => setRemoved(each)}
            />
          ))}
        </ul>
      )}
      {gold.data && shown.length < gold.data.length && (
        <Button variant="default" size="compact-sm" mt="sm" onClick={() => setAll(true)}>
          {t("Show all {{n}}", { n: gold.data.length })}
        </Button>
      )}
    </section>
  );
}
