import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { ComponentInfo, ProjectState, SchemeInfo } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { guidingModels } from "@/shared/artefacts/choosing";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { Belief } from "./Belief";
import classes from "./Guide.module.css";
import { GuideCard } from "./GuideCard";
import { GuideSettings } from "./GuideSettings";

const GuideForm = lazy(async () => ({ default: (await import("./GuideForm")).GuideForm }));

/** The guide of a scheme: what it is, what it believes, and how that changed. */
export function GuideView({ state, scheme }: { state: ProjectState; scheme: SchemeInfo }) {
  const components = useQuery(componentsQuery);
  const [changing, setChanging] = useState(false);
  const manager = state.project.role === "manager";
  const guide = scheme.guide;
  if (components.error) return <Notice error={components.error} />;
  if (components.data === undefined) return <Skeleton />;
  const form = (
    <Suspense fallback={<Skeleton />}>
      <GuideForm
        state={state}
        scheme={scheme}
        components={components.data}
        onDone={() => setChanging(false)}
      />
    </Suspense>
  );
  if (guide === null) {
    return (
      <NoGuide
        manager={manager}
        possible={guidingModels(components.data, scheme).length > 0}
        setting={changing}
        onSet={() => setChanging(true)}
      >
        {form}
      </NoGuide>
    );
  }
  const strategies = components.data.filter(({ kind }) => kind === "strategy");
  return (
    <div className={classes.parts}>
      <GuideCard
        slug={state.project.slug}
        scheme={scheme}
        guide={guide}
        strategies={strategies}
        manager={manager}
      />
      {guide.belief != null && (
        <Belief belief={guide.belief} scheme={scheme} rows={state.project.n_rows} />
      )}
      {changing ? (
        form
      ) : (
        <GuideSettings
          guide={guide}
          components={components.data as ComponentInfo[]}
          onChange={manager ? () => setChanging(true) : null}
        />
      )}
    </div>
  );
}

interface NoGuideProps {
  manager: boolean;
  /** Whether a model is installed that can guide a scheme of this kind. */
  possible: boolean;
  setting: boolean;
  onSet: () => void;
  children: React.ReactNode;
}

function NoGuide({ manager, possible, setting, onSet, children }: NoGuideProps) {
  if (setting) return children;
  return (
    <section className={classes.none}>
      <h2>{t("This scheme has no guide yet")}</h2>
      <p>
        {t(
          "A guide is a quick model that learns while people annotate. It suggests labels and brings the texts forward from which it would learn most; until there is one, texts come at random.",
        )}
      </p>
      {!possible ? (
        <p>{t("No model that is installed can guide a scheme of this kind.")}</p>
      ) : manager ? (
        <Button onClick={onSet}>{t("Set a guide")}</Button>
      ) : (
        <p>{t("A manager of the project can set one.")}</p>
      )}
    </section>
  );
}
