import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ComponentInfo, ProjectState } from "@/api/schema";
import { projectionsQuery, topicsQuery } from "@/shared/artefacts/api";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { doneJobsQuery } from "../api";
import { hindrance } from "../compare/comparison";
import classes from "../Models.module.css";
import { KINDS, type Kind, MOST_COMPARED, type ModelsSearch } from "../search";
import { ArtefactLine } from "./ArtefactLine";
import { counts, lineage, makers, ofKind } from "./lineage";

interface Props {
  state: ProjectState;
  components: readonly ComponentInfo[] | undefined;
  search: ModelsSearch;
  onSearch: (search: ModelsSearch) => void;
}

/** Everything that was computed, each below what it comes from. */
export function ArtefactList({ state, components, search, onSearch }: Props) {
  const { project, features, models } = state;
  const { slug } = project;
  const maps = useQuery(projectionsQuery(slug));
  const topics = useQuery(topicsQuery(slug));
  const jobs = useQuery(doneJobsQuery(slug));
  const [chosen, setChosen] = useState<readonly string[]>(search.compare ?? []);
  const made = { features, models, maps: maps.data ?? [], topics: topics.data ?? [] };
  const lines = lineage(made);
  const found = counts(lines);
  const by = makers(jobs.data ?? []);
  const picked = models.filter(({ name }) => chosen.includes(name));
  const why = picked.length < 2 ? null : hindrance(picked);
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="artefacts">
      <div className={classes.listHead}>
        <h2 id="artefacts">{t("What was computed")}</h2>
        <fieldset className={classes.kinds}>
          <legend className={classes.unseen}>{t("Which kind is listed")}</legend>
          {([undefined, ...KINDS] as const)
            .filter((kind) => kind === undefined || found[kind] > 0)
            .map((kind) => (
              <button
                key={kind ?? "all"}
                type="button"
                aria-pressed={search.kind === kind}
                onClick={() => onSearch(withKind(search, kind))}
              >
                {kind === undefined ? t("All") : kindNames[kind]}{" "}
                <span>{kind === undefined ? lines.length : found[kind]}</span>
              </button>
            ))}
        </fieldset>
      </div>
      {[maps.error, topics.error].map(
        (error) => error !== null && <Notice key={error.message} error={error} />,
      )}
      {picked.length > 0 && (
        <div className={classes.picked} role="status">
          <p>
            {picked.length === 1
              ? t("Choose up to {{most}} models of one scheme to compare them.", {
                  most: MOST_COMPARED,
                })
              : (why ?? t("{{count}} models are chosen.", { count: picked.length }))}
          </p>
          <Button variant="default" onClick={() => setChosen([])}>
            {t("Choose none")}
          </Button>
          <Button
            disabled={picked.length < 2 || why !== null}
            onClick={() => {
              onSearch({ ...search, compare: picked.map(({ name }) => name) });
              window.scrollTo({ top: 0 });
            }}
          >
            {t("Compare {{count}} models", { count: picked.length })}
          </Button>
        </div>
      )}
      <ul className={classes.list}>
        {ofKind(lines, search.kind).map((line) => (
          <ArtefactLine
            key={line.key}
            line={line}
            made={made}
            makers={by}
            project={project}
            components={components}
            mayChange={mayContribute(project) && project.archived_at === null}
            full={chosen.length >= MOST_COMPARED}
            chosen={chosen.includes(line.artefact.of.name)}
            onChoose={(name, on) =>
              setChosen(on ? [...chosen, name] : chosen.filter((each) => each !== name))
            }
          />
        ))}
      </ul>
    </section>
  );
}

function withKind({ kind: _, ...rest }: ModelsSearch, kind: Kind | undefined): ModelsSearch {
  return kind === undefined ? rest : { ...rest, kind };
}

const kindNames: Readonly<Record<Kind, string>> = {
  feature: t("Features"),
  model: t("Models"),
  predictions: t("Predictions"),
  map: t("Maps"),
  topics: t("Topics"),
};
