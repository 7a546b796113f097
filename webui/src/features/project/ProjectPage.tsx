import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectInfo, ProjectState } from "@/api/schema";
import { stateQuery } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { Artefacts } from "./artefacts/Artefacts";
import { NewSchemeForm } from "./NewSchemeForm";
import classes from "./ProjectPage.module.css";
import { SchemeCard } from "./SchemeCard";

/** Where a project stands: its texts and its schemes. */
export function ProjectPage({ slug }: { slug: string }) {
  const state = useQuery(stateQuery(slug));
  return (
    <>
      <TopBar path={<span>{state.data?.project.name ?? slug}</span>} />
      <Page>
        {state.error && (
          <Notice error={state.error}>
            <Link to="/">All projects</Link>
          </Notice>
        )}
        {state.isPending && <Skeleton />}
        {state.data && (
          <>
            <Schemes state={state.data} />
            <Artefacts state={state.data} />
          </>
        )}
      </Page>
    </>
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
          <h1>{project.name}</h1>
          <p>{corpusSentence(project)}</p>
        </div>
        {manager && !first && !making && (
          <Button variant="default" onClick={() => setMaking(true)}>
            New scheme
          </Button>
        )}
      </div>
      {first && !manager && (
        <p>This project has no coding scheme yet. A manager of the project can make one.</p>
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

const number = new Intl.NumberFormat("en");

/** Say how many texts there are and what they are kept for. */
export function corpusSentence({ n_rows, splits }: ProjectInfo): string {
  const parts = [
    `${number.format(splits.train)} to code`,
    ...(splits.valid > 0 ? [`${number.format(splits.valid)} to validate`] : []),
    ...(splits.test > 0 ? [`${number.format(splits.test)} to test`] : []),
  ];
  const texts = `${number.format(n_rows)} texts`;
  return parts.length === 1 ? `${texts}.` : `${texts}: ${parts.join(", ")}.`;
}
