import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { t } from "@/shared/words/translate";
import { type Place, statisticsQuery } from "../api";
import { type AgreementSearch, isNarrowed } from "../search";
import classes from "./Adjudication.module.css";
import type { Deciding } from "./useDeciding";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  search: AgreementSearch;
  onSearch: (search: AgreementSearch) => void;
  deciding: Deciding;
}

/** Why there is nothing to decide, and what to do next. */
export function NothingToDecide({ place, scheme, search, onSearch, deciding }: Props) {
  const statistics = useQuery(statisticsQuery(place)).data;
  const coders = statistics?.annotators.length ?? 0;
  const { undo, busy } = deciding;
  useActionKeys(
    undo === null
      ? []
      : [{ id: "undo", title: t("Undo"), section: t("This text"), keys: ["u"], run: undo }],
  );
  const { first: _1, second: _2, label: _3, split: _4, ...wide } = search;
  const narrowed = isNarrowed(search);
  return (
    <section className={classes.empty} role="status">
      {narrowed ? (
        <>
          <p>{t("No disagreement is like that.")}</p>
          <Button variant="default" onClick={() => onSearch(wide)}>
            {t("Show all disagreements")}
          </Button>
        </>
      ) : search.decided === "yes" ? (
        <p>{t("Nothing was decided yet. What you decide is listed here and can be taken back.")}</p>
      ) : deciding.done > 0 ? (
        <p>{t("All is decided. What coders disagree on from now on appears here by itself.")}</p>
      ) : coders < 2 && scheme.overlap < 2 ? (
        <>
          <p>
            {t(
              "No text has two coders yet, so nobody can disagree. Let each text go to two people or more: raise the overlap of the scheme, or hand out a task with overlap.",
            )}
          </p>
          <Link to="/projects/$slug/schemes/$scheme" params={place}>
            {t("Set the overlap")}
          </Link>
        </>
      ) : (
        <p>
          {t(
            "Nothing is left to decide: where texts have several coders, they agree or it was decided. New disagreements appear here by themselves.",
          )}
        </p>
      )}
      {undo !== null && (
        <Button variant="default" onClick={undo} disabled={busy} aria-keyshortcuts="u">
          {t("Take the last decision back")}
        </Button>
      )}
    </section>
  );
}
