import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { annotatorsQuery, type Place } from "../api";
import classes from "../Quality.module.css";
import { AnnotatorCard } from "./AnnotatorCard";

/** How each person codes, the busiest first. */
export function Annotators({ place, scheme }: { place: Place; scheme: SchemeInfo }) {
  const people = useQuery(annotatorsQuery(place));
  return (
    <section aria-labelledby="annotators" className={classes.section}>
      <h2 id="annotators">{t("Annotators")}</h2>
      <p>
        {t(
          "From the answers that stand. It stops nobody and hides nothing; brackets hold 95 % intervals.",
        )}
      </p>
      {people.isPending && <Skeleton />}
      {people.error && (
        <Notice error={people.error}>
          <Button size="compact-sm" variant="default" onClick={() => void people.refetch()}>
            {t("Try again")}
          </Button>
        </Notice>
      )}
      {people.data?.length === 0 && (
        <p>
          {t("Nobody has coded here yet.")}{" "}
          <Link to="/projects/$slug/annotate/$scheme" params={place}>
            {t("Begin with a text")}
          </Link>
        </p>
      )}
      {people.data?.map((person) => (
        <AnnotatorCard key={person.username} person={person} scheme={scheme} />
      ))}
    </section>
  );
}
