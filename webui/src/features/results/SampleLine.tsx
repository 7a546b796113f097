import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ProjectState, SampleInfo, SchemeInfo } from "@/api/schema";
import { mayAnnotate, mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { figure } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { deleteSample, samplesQuery } from "./api";
import classes from "./Results.module.css";
import { coded, complete } from "./samples";

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  sample: SampleInfo;
}

/** A drawn sample: of what, how far it is coded, and the way to code it. */
export function SampleLine({ state, scheme, sample }: Props) {
  const { project } = state;
  const { slug } = project;
  const { name, n, of, plan, strata } = sample;
  const done = coded(sample, scheme.name);
  const whole = complete(sample, scheme.name);
  const [sure, setSure] = useState(false);
  const client = useQueryClient();
  const deleting = useMutation({
    mutationFn: () => deleteSample(slug, name),
    onSuccess: () => client.invalidateQueries({ queryKey: samplesQuery(slug).queryKey }),
  });
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <h3 dir="auto">{name}</h3>
        <p>
          {t("{{count}} texts", { count: n })} · <bdi>{of}</bdi>
          {strata.length > 1 && (
            <> · {t("{{count}} strata by {{what}}", { count: strata.length, what: by(plan) })}</>
          )}
        </p>
        <div className={classes.coded}>
          <span
            className={classes.bar}
            style={{ "--share": n === 0 ? 0 : Math.min(1, done / n) }}
            aria-hidden="true"
          />
          <span>
            {whole
              ? t("all coded")
              : t("{{coded}} of {{n}} coded", { coded: figure(done), n: figure(n) })}
          </span>
        </div>
      </div>
      <div className={classes.buttons}>
        {!whole && mayAnnotate(project) && (
          <Button
            size="compact-sm"
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/projects/$slug/annotate/$scheme"
                params={{ slug, scheme: scheme.name }}
                search={{ drawn: name }}
                aria-label={t("Code it: {{sample}}", { sample: name })}
              />
            )}
          >
            {t("Code it")}
          </Button>
        )}
        {mayContribute(project) && !sure && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("Delete the sample {{sample}}", { sample: name })}
            onClick={() => setSure(true)}
          >
            {t("Delete…")}
          </Button>
        )}
      </div>
      {sure && (
        <fieldset className={classes.asking} aria-label={t("Delete this sample?")}>
          <p>
            {t(
              "Its probabilities are forgotten: nothing more can be estimated from it. What people said of its texts stays.",
            )}
          </p>
          <Button
            size="compact-sm"
            color="red"
            loading={deleting.isPending}
            onClick={() => deleting.mutate()}
          >
            {t("Delete it")}
          </Button>
          <Button size="compact-sm" variant="default" autoFocus onClick={() => setSure(false)}>
            {t("Keep it")}
          </Button>
        </fieldset>
      )}
      {deleting.error && <Notice error={deleting.error} />}
    </li>
  );
}

function by({ column, model }: SampleInfo["plan"]): string {
  if (column != null) return column;
  return model == null ? "" : t("what a model predicts");
}
