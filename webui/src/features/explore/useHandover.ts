import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import type { TableQuery } from "@/api/schema";
import { MOST_PICKED } from "@/shared/filter/rows";
import { notify } from "@/shared/notices/notices";
import { t } from "@/shared/words/translate";
import type { Kept } from "./answers";
import { type Place, rowsBetween } from "./api";
import { filterHandover, type Handover, pickedHandover } from "./handover";
import { type ExploreSearch, narrowed } from "./search";

interface Shown {
  readonly search: ExploreSearch;
  readonly question: TableQuery;
  readonly selected: readonly Kept[];
  /** How many texts are shown; null while that is not known. */
  readonly total: number | null;
}

/** A way to code some of the texts alone: its words, and what it does. */
export interface Offer {
  readonly title: string;
  readonly run: () => void;
}

/** Offer to code what is selected, found or filtered; null where that would be all texts. */
export function useHandover(place: Place, shown: Shown): Offer | null {
  const { search, question, selected, total } = shown;
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const go = (handover: Handover) =>
    void navigate({
      to: "/projects/$slug/annotate/$scheme",
      params: { slug: place.slug, scheme: place.scheme },
      search: handover,
    });
  /** The most similar texts, in their order, which a filter alone would not tell. */
  const goToMostSimilar = async (to: number) => {
    setBusy(true);
    try {
      const found = await rowsBetween(place, question, { from: 0, to }, () => undefined);
      go(
        pickedHandover(
          found.map(({ row }) => row),
          false,
        ),
      );
    } catch (error) {
      const text = toProblem(error).detail;
      notify({ id: "explore.handover", tone: "bad", title: t("Nothing was handed over."), text });
    } finally {
      setBusy(false);
    }
  };
  if (busy || total === null || total === 0) return null;
  const whole = selected.length === total && search.similar === undefined;
  if (selected.length > 0 && !(whole && narrowed(search))) {
    const rows = selected.map(({ row }) => row);
    const coded = selected.every(({ value }) => value !== null);
    return {
      title:
        rows.length > MOST_PICKED
          ? t("Annotate the first {{count}} selected", { count: MOST_PICKED })
          : t("Annotate the {{count}} selected", { count: rows.length }),
      run: () => go(pickedHandover(rows, coded)),
    };
  }
  if (search.similar !== undefined) {
    const count = Math.min(total, MOST_PICKED);
    return {
      title: t("Annotate the {{count}} most similar", { count }),
      run: () => void goToMostSimilar(count),
    };
  }
  if (!narrowed(search)) return null;
  return {
    title: t("Annotate these {{count}}", { count: total }),
    run: () => go(filterHandover(search)),
  };
}
