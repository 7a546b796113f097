import { Button } from "@mantine/core";
import { useState } from "react";
import type { ProjectState } from "@/api/schema";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { Offer } from "@/shared/tour/Offer";
import { t } from "@/shared/words/translate";
import { corpusSentence } from "./corpus";
import { NewSchemeForm } from "./NewSchemeForm";
import { NextStep } from "./overview/NextStep";
import { Standing } from "./overview/Standing";
import classes from "./ProjectPage.module.css";
import { SchemeCard } from "./SchemeCard";
import { tourSteps } from "./tourSteps";

/** The address of the project that a server makes at its first start, for those who look around. */
const DEMO = "demo-comments-to-a-town-council";

/** Where a project stands: its texts and its schemes. */
export function ProjectPage({ slug }: { slug: string }) {
  return (
    <ProjectFrame slug={slug}>
      {(state) => (
        <>
          <Offer name="overview" steps={tourSteps} offered={slug.startsWith(DEMO)} />
          <Schemes state={state} />
          <Standing state={state} />
        </>
      )}
    </ProjectFrame>
  );
}

function Schemes({ state }: { state: ProjectState }) {
  const { project, schemes } = state;
  const [making, setMaking] = useState(false);
  const manager = project.role === "manager";
  const first = schemes.length === 0;
  return (
    <>
      <div className={classes.head}>
        <div>
          <h1 dir="auto">{project.name}</h1>
          <p>{corpusSentence(project)}</p>
        </div>
        {manager && !first && !making && (
          <Button variant="default" onClick={() => setMaking(true)}>
            {t("New scheme")}
          </Button>
        )}
      </div>
      <NextStep state={state} />
      {first && !manager && (
        <p>{t("This project has no coding scheme yet. A manager of the project can make one.")}</p>
      )}
      {manager && (first || making) && (
        <NewSchemeForm project={project} first={first} onDone={() => setMaking(false)} />
      )}
      <ul className={classes.schemes}>
        {schemes.map((scheme) => (
          <SchemeCard key={scheme.id} project={project} scheme={scheme} />
        ))}
      </ul>
    </>
  );
}
