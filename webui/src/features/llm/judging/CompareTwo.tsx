import { Button, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { JobView, LabellingInfo, ModelInfo, ProjectState } from "@/api/schema";
import { modelsQuery } from "@/shared/artefacts/api";
import { Intervals } from "@/shared/charts/Intervals";
import { putJob } from "@/shared/jobs/jobCache";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { points } from "@/shared/words/number";
import { t, told } from "@/shared/words/translate";
import { compareTwo, comparisonsQuery } from "../api";
import classes from "../Llm.module.css";
import { comparisonOf, differencesOf, onlyOne, verdict } from "./comparison";
import { judged, SPLITS, type Split } from "./scores";

interface Props {
  state: ProjectState;
  labellings: readonly LabellingInfo[];
}

const SHOWN = 3;

/** Two labellings, or a labelling and a model, on the same texts: a paired test. */
export function CompareTwo({ state, labellings }: Props) {
  const { slug } = state.project;
  const models = useQuery(modelsQuery(slug)).data ?? [];
  const comparisons = useQuery(comparisonsQuery(slug));
  const names = new Map(models.map(({ id, name }) => [id, name]));
  const ofLabelling = new Set(labellings.map(({ id }) => id));
  const known = (comparisons.data ?? []).filter(({ params }) =>
    [params.first_id, params.second_id].some((id) => ofLabelling.has(String(id))),
  );
  const judgedOnes = labellings.filter((each) => judged(each).length > 0);
  if (judgedOnes.length === 0) return null;
  const partners = models.filter(({ scheme }) => judgedOnes.some((each) => each.scheme === scheme));
  if (partners.length < 2 && known.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="compare">
      <h2 id="compare">{t("Which of two is better?")}</h2>
      <p>
        {t(
          "On the same texts, so that what makes a text hard counts in neither. Decide which two before you look at many.",
        )}
      </p>
      {mayContribute(state.project) && partners.length >= 2 && (
        <Form slug={slug} labellings={judgedOnes} models={partners} />
      )}
      <LiveJobs
        slug={slug}
        manager={state.project.role === "manager"}
        only={({ kind }) => kind === "compare"}
      />
      {comparisons.error && <Notice error={comparisons.error} />}
      {known.slice(0, SHOWN).map((job) => (
        <Compared key={job.id} job={job} names={names} />
      ))}
    </section>
  );
}

interface FormProps {
  slug: string;
  labellings: readonly LabellingInfo[];
  models: readonly ModelInfo[];
}

function Form({ slug, labellings, models }: FormProps) {
  const newest = labellings.at(-1);
  const [second, setSecond] = useState(newest?.name ?? "");
  const scheme = models.find(({ name }) => name === second)?.scheme;
  const others = models.filter((each) => each.scheme === scheme && each.name !== second);
  const [wanted, setWanted] = useState<string | null>(labellings.at(-2)?.name ?? null);
  const first = others.some(({ name }) => name === wanted) ? wanted : (others[0]?.name ?? null);
  const [split, setSplit] = useState<Split>(
    newest === undefined ? "test" : (judged(newest)[0] ?? "test"),
  );
  const client = useQueryClient();
  const comparing = useMutation({
    mutationFn: () => compareTwo(slug, { first: first ?? "", second, split }),
    onSuccess: (job) => putJob(client, job),
  });
  const titles: Readonly<Record<Split, string>> = {
    test: t("to test"),
    valid: t("to validate"),
    train: t("to code"),
  };
  return (
    <form
      className={classes.compareForm}
      aria-label={t("Which of two is better?")}
      onSubmit={(event) => {
        event.preventDefault();
        comparing.mutate();
      }}
    >
      <Select
        label={t("This one")}
        data={models.map(({ name }) => name)}
        value={second}
        allowDeselect={false}
        onChange={(name) => name !== null && setSecond(name)}
      />
      <Select
        label={t("against this one")}
        data={others.map(({ name }) => name)}
        value={first}
        allowDeselect={false}
        onChange={setWanted}
      />
      <Select
        label={t("on the texts")}
        data={SPLITS.map((each) => ({ value: each, label: titles[each] }))}
        value={split}
        allowDeselect={false}
        onChange={(picked) => picked !== null && setSplit(picked as Split)}
      />
      <Button
        type="submit"
        variant="default"
        loading={comparing.isPending}
        disabled={first === null}
      >
        {t("Compare them")}
      </Button>
      {comparing.error && <Notice error={comparing.error} />}
    </form>
  );
}

function Compared({ job, names }: { job: JobView; names: ReadonlyMap<string, string> }) {
  const name = (id: unknown) => names.get(String(id)) ?? t("one that was deleted");
  const two = { first: name(job.params.first_id), second: name(job.params.second_id) };
  const title = t("{{second}} against {{first}}", two);
  const comparison = comparisonOf(job);
  if (comparison === null) {
    return job.state === "failed" ? (
      <div className={classes.compared}>
        <h3 dir="auto">{title}</h3>
        <Notice error={new Error(told(job.error ?? ""))} />
      </div>
    ) : null;
  }
  const rows = differencesOf(comparison).map(({ key, name: figure, difference, low, high }) => ({
    key,
    name: figure,
    color: "var(--accent)",
    value: difference ?? 0,
    low,
    high,
    shown:
      low === null || high === null
        ? points(difference ?? 0)
        : t("{{share}} ({{low}} to {{high}})", {
            share: points(difference ?? 0),
            low: points(low),
            high: points(high),
          }),
  }));
  const seen = [comparison.first_basis, comparison.second_basis].some((each) => each !== "unseen");
  return (
    <article className={classes.compared} aria-label={title}>
      <h3 dir="auto">
        {title} ({comparison.split})
      </h3>
      <p className={classes.verdict} dir="auto">
        {verdict(comparison, two)} {onlyOne(comparison, two)}
      </p>
      {seen && (
        <p>{t("One of them has seen some of these texts, so it is not a fair comparison.")}</p>
      )}
      <Intervals label={t("Differences in points")} rows={rows} reference={0} />
    </article>
  );
}
