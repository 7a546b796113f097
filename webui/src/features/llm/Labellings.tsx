import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LabellingInfo, ProjectState } from "@/api/schema";
import { componentsQuery } from "@/shared/artefacts/api";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { labellingsQuery, promptsQuery } from "./api";
import { ByVersion } from "./judging/ByVersion";
import { LabellingForm } from "./LabellingForm";
import classes from "./Llm.module.css";
import { mayBuild } from "./LlmPage";
import { agreement, answered, spent } from "./words";

/** What language models were asked, and how each agrees with people. */
export function Labellings({ state }: { state: ProjectState }) {
  const { slug } = state.project;
  const labellings = useQuery(labellingsQuery(slug));
  const prompts = useQuery(promptsQuery(slug));
  const components = useQuery(componentsQuery);
  const [making, setMaking] = useState(false);
  const may = mayBuild(state);
  const error = labellings.error ?? components.error;
  return (
    <section aria-labelledby="labellings" className={classes.section}>
      <div className={classes.head}>
        <h2 id="labellings">{t("Labellings")}</h2>
        {may && !making && (
          <Button
            onClick={() => setMaking(true)}
            disabled={(prompts.data ?? []).length === 0 || components.data === undefined}
          >
            {t("New labelling")}
          </Button>
        )}
      </div>
      {may && prompts.data?.length === 0 && (
        <p>{t("Write a prompt first: a labelling asks a model by one.")}</p>
      )}
      {making && components.data && (
        <LabellingForm
          state={state}
          components={components.data}
          prompts={prompts.data ?? []}
          onDone={() => setMaking(false)}
        />
      )}
      <LiveJobs
        slug={slug}
        manager={state.project.role === "manager"}
        only={({ kind }) => kind === "label" || kind === "plan-labelling"}
      />
      {error && <Notice error={error} />}
      {labellings.isPending && <Skeleton />}
      <ul className={classes.list}>
        {(labellings.data ?? []).map((labelling) => (
          <Line key={labelling.id} slug={slug} labelling={labelling} />
        ))}
      </ul>
      <ByVersion slug={slug} labellings={labellings.data ?? []} />
    </section>
  );
}

function Line({ slug, labelling }: { slug: string; labelling: LabellingInfo }) {
  const { name, scheme, prompt, version, params, remote, totals } = labelling;
  const model = typeof params.model === "string" ? params.model : labelling.labeller;
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3>
          <Link to="/projects/$slug/llm/$labelling" params={{ slug, labelling: name }} dir="auto">
            {name}
          </Link>
        </h3>
        <span className={classes.kind}>
          {t("{{model}} codes {{scheme}} by {{prompt}}, version {{version}}", {
            model,
            scheme,
            prompt,
            version,
          })}
          {remote === true && ` · ${t("texts leave this installation")}`}
        </span>
        <p className={classes.strong}>{agreement(labelling)}</p>
        <p>{[answered(totals), spent(totals)].filter(Boolean).join(" ")}</p>
      </div>
    </li>
  );
}
