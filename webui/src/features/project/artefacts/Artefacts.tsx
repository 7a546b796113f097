import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { ProjectState } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { Notice } from "@/shared/ui/Notice";
import classes from "./Artefacts.module.css";
import { FeatureLine } from "./FeatureLine";
import { ModelLine } from "./ModelLine";
import { standing } from "./words";

const FeatureForm = lazy(async () => ({ default: (await import("./FeatureForm")).FeatureForm }));
const ModelForm = lazy(async () => ({ default: (await import("./ModelForm")).ModelForm }));

/** What was computed in a project, what is being computed, and how to start more. */
export function Artefacts({ state }: { state: ProjectState }) {
  const { project, schemes, features, models } = state;
  const { slug } = project;
  const manager = project.role === "manager";
  const [making, setMaking] = useState<"feature" | "model" | null>(null);
  const components = useQuery(componentsQuery);
  const done = () => setMaking(null);
  return (
    <section className={classes.section} aria-labelledby="artefacts">
      <div className={classes.head}>
        <div>
          <h2 id="artefacts">Features and models</h2>
          <p>{standing(features, models)}</p>
        </div>
        {manager && making === null && (
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setMaking("feature")}>
              Compute a feature
            </Button>
            <Button
              variant="default"
              disabled={schemes.length === 0}
              onClick={() => setMaking("model")}
            >
              Train a model
            </Button>
          </div>
        )}
      </div>
      {components.error && <Notice error={components.error} />}
      {components.data && (
        <Suspense fallback={null}>
          {making === "feature" && (
            <FeatureForm
              slug={slug}
              components={components.data}
              features={features}
              onDone={done}
            />
          )}
          {making === "model" && (
            <ModelForm
              slug={slug}
              components={components.data}
              schemes={schemes}
              features={features}
              models={models}
              onDone={done}
            />
          )}
        </Suspense>
      )}
      <LiveJobs slug={slug} manager={manager} />
      <ul className={classes.list}>
        {features.map((feature) => (
          <FeatureLine
            key={feature.id}
            feature={feature}
            rows={project.n_rows}
            components={components.data}
          />
        ))}
        {models.map((model) => (
          <ModelLine
            key={model.id}
            model={model}
            project={project}
            features={features}
            components={components.data}
          />
        ))}
      </ul>
      <p className={classes.foot}>
        <Link to="/projects/$slug/jobs" params={{ slug }}>
          All jobs, and the energy they took
        </Link>
      </p>
    </section>
  );
}
