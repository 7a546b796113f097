import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectionsQuery, topicsQuery } from "@/shared/artefacts/api";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { changed } from "../search";
import { findTopics, makeProjection } from "./api";
import { ColourMenu } from "./ColourMenu";
import { colouredBy, writeColourBy } from "./colouring";
import { DeleteMap } from "./DeleteMap";
import classes from "./Map.module.css";
import { type Making, MapForm } from "./MapForm";
import { type MapProps, ShownMap } from "./ShownMap";

const MAP: Making = {
  kind: "projection",
  first: "pacmap",
  name: "map",
  title: t("Make a map"),
  start: t("Make it"),
  note: t("It takes seconds for thousands of texts, and minutes for a million."),
  make: makeProjection,
};

const TOPICS: Making = {
  kind: "topic-model",
  first: "bertopic",
  name: "topics",
  title: t("Find topics"),
  start: t("Find them"),
  note: t("It takes about as long as a map."),
  make: findTopics,
};

/** The texts as points of a map, near to one another where they are alike. */
export function MapView(props: MapProps) {
  const { state, search, onSearch } = props;
  const { project, features } = state;
  const { slug } = project;
  const may = mayContribute(project);
  const maps = useQuery(projectionsQuery(slug));
  const topics = useQuery(topicsQuery(slug)).data ?? [];
  const [making, setMaking] = useState<Making | null>(null);
  const known = maps.data ?? [];
  const map =
    known.find(({ name, id }) => name === search.map || id === search.map) ?? known.at(-1);
  const done = () => setMaking(null);
  const jobs = (
    <LiveJobs
      slug={slug}
      manager={project.role === "manager"}
      only={({ kind }) => ["projection", "topics", "topic-operation"].includes(kind)}
    />
  );
  if (maps.error) {
    return (
      <Notice error={maps.error}>
        <button type="button" className={classes.quiet} onClick={() => void maps.refetch()}>
          {t("Try again")}
        </button>
      </Notice>
    );
  }
  if (maps.data === undefined) return <Skeleton lines={8} />;
  const form = making !== null && (
    <MapForm
      key={making.kind}
      slug={slug}
      making={making}
      features={features}
      taken={(making === MAP ? known : topics).map(({ name }) => name)}
      onDone={done}
    />
  );
  if (map === undefined) {
    return (
      <section className={classes.none} aria-label={t("Map")}>
        {jobs}
        {making === null && (
          <>
            <h2>{t("There is no map yet")}</h2>
            <p>
              {t(
                "A map lays the texts out so that alike ones are near to one another. It is made of a feature.",
              )}
            </p>
            {features.length === 0 ? (
              <p>{t("There is no feature yet: compute one on the project's page first.")}</p>
            ) : may ? (
              <button type="button" className={classes.main} onClick={() => setMaking(MAP)}>
                {t("Make a map…")}
              </button>
            ) : (
              <p>{t("A contributor or manager of the project can make one.")}</p>
            )}
          </>
        )}
        {form}
      </section>
    );
  }
  const newest = topics.at(-1);
  const by = colouredBy(search.color, search.similar !== undefined);
  return (
    <>
      {jobs}
      {form}
      <ShownMap {...props} key={map.id} map={map} topics={topics}>
        <section className={classes.chooser} aria-label={t("Maps")}>
          <label className={classes.choice}>
            <span>{t("Map")}</span>
            <select
              value={map.name}
              onChange={(event) =>
                onSearch(changed(search, { map: event.currentTarget.value, region: undefined }))
              }
            >
              {known.map(({ id, name }) => (
                <option key={id} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <ColourMenu
            state={state}
            scheme={props.scheme}
            topics={topics}
            looking={search.similar !== undefined}
            value={by}
            onChange={(next) => onSearch(changed(search, { color: writeColourBy(next) }))}
          />
          {may && (
            <details className={classes.more}>
              <summary>{t("Make or delete")}</summary>
              <p className={classes.pair}>
                <button type="button" onClick={() => setMaking(MAP)}>
                  {t("Make a map…")}
                </button>
                <button type="button" onClick={() => setMaking(TOPICS)}>
                  {t("Find topics…")}
                </button>
                <DeleteMap
                  slug={slug}
                  map={map.name}
                  onDeleted={() => onSearch(changed(search, { map: undefined, region: undefined }))}
                />
              </p>
            </details>
          )}
          {newest !== undefined && by.kind !== "topic" && (
            <button
              type="button"
              className={classes.quiet}
              onClick={() =>
                onSearch(
                  changed(search, { color: writeColourBy({ kind: "topic", of: newest.name }) }),
                )
              }
            >
              {t("Show the topics")}
            </button>
          )}
        </section>
      </ShownMap>
    </>
  );
}
