import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectState, PromptInfo } from "@/api/schema";
import { useServerNow } from "@/shared/clock";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { ago } from "@/shared/words/time";
import { t } from "@/shared/words/translate";
import { promptsQuery } from "./api";
import classes from "./Llm.module.css";
import { mayBuild } from "./LlmPage";
import { PromptEditor } from "./PromptEditor";

/** The project's prompts, each with its versions. */
export function Prompts({ state }: { state: ProjectState }) {
  const { slug } = state.project;
  const prompts = useQuery(promptsQuery(slug));
  const [open, setOpen] = useState<string | null>(null);
  const may = mayBuild(state);
  const done = () => setOpen(null);
  return (
    <section aria-labelledby="prompts" className={classes.section}>
      <div className={classes.head}>
        <h2 id="prompts">{t("Prompts")}</h2>
        {may && open === null && (
          <Button
            variant="default"
            disabled={state.schemes.length === 0}
            onClick={() => setOpen(NEW)}
          >
            {t("New prompt")}
          </Button>
        )}
      </div>
      {prompts.error && <Notice error={prompts.error} />}
      {prompts.isPending && <Skeleton />}
      {prompts.data?.length === 0 && open === null && (
        <p>
          {t("There is none yet. A prompt says what a model is told of a text, by your codebook.")}
        </p>
      )}
      {open === NEW && <PromptEditor state={state} onDone={done} />}
      <ul className={classes.list}>
        {(prompts.data ?? []).map((prompt) => (
          <li key={prompt.id} className={classes.line}>
            <PromptLine prompt={prompt} />
            {open === prompt.name ? (
              <PromptEditor state={state} prompt={prompt} onDone={done} />
            ) : (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("Open {{name}}", { name: prompt.name })}
                onClick={() => setOpen(prompt.name)}
              >
                {t("Open")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const NEW = "";

function PromptLine({ prompt }: { prompt: PromptInfo }) {
  const now = useServerNow(60_000);
  const last = prompt.versions.at(-1);
  return (
    <div className={classes.what}>
      <h3 dir="auto">{prompt.name}</h3>
      <span className={classes.kind}>
        {t("for {{scheme}}, {{count}} versions", {
          scheme: prompt.scheme,
          count: prompt.versions.length,
        })}
      </span>
      {last !== undefined && (
        <p>
          {t(
            last.note === ""
              ? "Last changed {{when}} by {{who}}"
              : "Last changed {{when}} by {{who}}: {{note}}",
            { when: ago(last.created_at, now), who: last.created_by, note: last.note },
          )}
        </p>
      )}
    </div>
  );
}
