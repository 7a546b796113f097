import { Button, NumberInput, SegmentedControl, Select } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { JobView, LabellingInfo, LabelRows, ProjectState, ReplyState } from "@/api/schema";
import { Intervals } from "@/shared/charts/Intervals";
import { fetchJob } from "@/shared/jobs/api";
import { LiveJobs } from "@/shared/jobs/LiveJobs";
import { useStart } from "@/shared/jobs/useStart";
import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { percent } from "@/shared/words/number";
import { t, told } from "@/shared/words/translate";
import {
  deleteLabelling,
  labellingQuery,
  planRun,
  promote,
  repliesQuery,
  startRun,
  withdraw,
} from "./api";
import { Disagreements } from "./judging/Disagreements";
import classes from "./Llm.module.css";
import { mayBuild } from "./LlmPage";
import {
  agreement,
  answered,
  isPlan,
  planned,
  reckoned,
  spent,
  stateName,
  valueWords,
} from "./words";

/** One labelling: how it agrees with people, what it said, and more to ask. */
export function LabellingPage({ slug, labelling }: { slug: string; labelling: string }) {
  return (
    <ProjectFrame slug={slug}>
      {(state) => <Labelling state={state} name={labelling} />}
    </ProjectFrame>
  );
}

function Labelling({ state, name }: { state: ProjectState; name: string }) {
  const { slug } = state.project;
  const found = useQuery(labellingQuery(slug, name));
  const labelling = found.data;
  return (
    <>
      <p className={classes.back}>
        <Link to="/projects/$slug/llm" params={{ slug }}>
          {t("All labellings")}
        </Link>
      </p>
      <h1 dir="auto">{name}</h1>
      {found.error && <Notice error={found.error} />}
      {found.isPending && <Skeleton />}
      {labelling && (
        <>
          <p className={classes.about}>
            {agreement(labelling)} {answered(labelling.totals)} {spent(labelling.totals)}
          </p>
          <ByLabel labelling={labelling} />
          {mayBuild(state) && <Run state={state} labelling={labelling} />}
          <LiveJobs
            slug={slug}
            manager={state.project.role === "manager"}
            only={({ kind }) => kind === "label" || kind === "plan-labelling"}
          />
          <Disagreements state={state} labelling={labelling} />
          <Replies slug={slug} name={name} />
          {mayBuild(state) && <Use slug={slug} labelling={labelling} />}
        </>
      )}
    </>
  );
}

/** Agreement label by label, on the split that people have coded most surely. */
function ByLabel({ labelling }: { labelling: LabellingInfo }) {
  const split = ["test", "valid", "train"].find((each) => labelling.scores[each] !== undefined);
  const report = split === undefined ? undefined : labelling.scores[split];
  const rows = Object.entries(report?.by_label ?? {}).flatMap(([label, scores]) => {
    const f1 = scores.f1;
    if (f1?.value == null) return [];
    const interval =
      f1.low == null || f1.high == null
        ? ""
        : ` [${Math.round(f1.low * 100)}–${Math.round(f1.high * 100)}]`;
    const shown = `${percent(f1.value)}${interval}`;
    return [
      {
        key: label,
        name: label,
        color: "var(--accent)",
        value: f1.value,
        low: f1.low ?? null,
        high: f1.high ?? null,
        shown,
      },
    ];
  });
  if (rows.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="by-label">
      <h2 id="by-label">{t("F1 by label ({{split}})", { split: split ?? "" })}</h2>
      <Intervals label={t("F1 by label")} rows={rows} />
    </section>
  );
}

type On = NonNullable<LabelRows["on"]>;

/** Ask: which texts, what it would take, and up to which cost. */
function Run({ state, labelling }: { state: ProjectState; labelling: LabellingInfo }) {
  const { slug } = state.project;
  const [on, setOn] = useState<On>("test");
  const [n, setN] = useState<number | null>(20);
  const [cost, setCost] = useState<number | null>(null);
  const [plan, setPlan] = useState<string | null>(null);
  const rows: LabelRows = n === null ? { on } : { on, n };
  const planning = useMutation({
    mutationFn: () => planRun(slug, labelling.name, rows),
    onSuccess: (job) => setPlan(job.id),
  });
  const running = useStart(
    (_: string, wish: LabelRows) => startRun(slug, labelling.name, wish, cost),
    slug,
    () => setPlan(null),
  );
  const error = planning.error ?? running.error;
  return (
    <form
      className={classes.form}
      aria-label={t("Ask the model")}
      onSubmit={(event) => {
        event.preventDefault();
        running.mutate(rows);
      }}
    >
      <h2>{t("Ask the model")}</h2>
      <div className={classes.pair}>
        <Select
          label={t("About the texts")}
          data={[
            { value: "test", label: t("to test") },
            { value: "valid", label: t("to validate") },
            { value: "train", label: t("to code") },
            { value: "complete", label: t("of the complete corpus") },
          ]}
          value={on}
          allowDeselect={false}
          onChange={(picked) => picked !== null && setOn(picked as On)}
        />
        <NumberInput
          label={t("How many at random")}
          description={t("Empty: all of them. Begin with a few and look at the answers.")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={1}
          allowDecimal={false}
          value={n ?? ""}
          onChange={(value) => setN(value === "" ? null : Math.max(1, Number(value)))}
        />
        <NumberInput
          label={t("Stop before it costs")}
          description={t("In the currency of the labeller's prices; it needs both prices.")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={0}
          value={cost ?? ""}
          onChange={(value) => setCost(value === "" ? null : Number(value))}
        />
      </div>
      {plan !== null && <Planned job={plan} />}
      {error && <Notice error={error} />}
      <div className={classes.end}>
        <Button variant="default" loading={planning.isPending} onClick={() => planning.mutate()}>
          {t("What would it take?")}
        </Button>
        <Button type="submit" loading={running.isPending}>
          {t("Ask")}
        </Button>
      </div>
    </form>
  );
}

/** What a plan has come to, once its job has ended. */
function Planned({ job }: { job: string }) {
  const asked = useQuery({
    queryKey: ["job", job, "plan"],
    queryFn: () => fetchJob(job),
    // The job takes a moment; its end is asked for until it is there.
    refetchInterval: ({ state }) => (ended(state.data) ? false : 400),
  });
  const plan = asked.data?.result;
  if (asked.error) return <Notice error={asked.error} />;
  if (asked.data?.state === "failed")
    return <Notice error={new Error(told(asked.data.error ?? ""))} />;
  if (!isPlan(plan)) return <p role="status">{t("Reckoning what it would take…")}</p>;
  return (
    <div role="status" className={classes.plan}>
      <p className={classes.strong}>{planned(plan)}</p>
      <p>
        {reckoned(plan)}
        {plan.remote && ` ${t("The texts would leave this installation.")}`}
      </p>
    </div>
  );
}

function ended(job: JobView | undefined): boolean {
  return job !== undefined && !["queued", "running"].includes(job.state);
}

/** What the model said, beside what people said. */
function Replies({ slug, name }: { slug: string; name: string }) {
  const [state, setState] = useState<ReplyState | "all">("all");
  const replies = useInfiniteQuery(repliesQuery(slug, name, state === "all" ? null : state));
  const items = replies.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={classes.section} aria-labelledby="replies">
      <div className={classes.head}>
        <h2 id="replies">{t("Answers")}</h2>
        <SegmentedControl
          aria-label={t("Which answers")}
          size="xs"
          value={state}
          data={[
            { value: "all", label: t("all") },
            ...(["answered", "unparsed", "failed"] as const).map((each) => ({
              value: each,
              label: stateName(each),
            })),
          ]}
          onChange={(picked) => setState(picked as ReplyState | "all")}
        />
      </div>
      {replies.error && <Notice error={replies.error} />}
      {replies.isPending && <Skeleton />}
      {replies.data && items.length === 0 && <p>{t("There is none.")}</p>}
      <ul className={classes.replies}>
        {items.map((reply) => (
          <li key={reply.id}>
            <p className={classes.text} dir="auto">
              {reply.text}
            </p>
            <dl className={classes.values}>
              <div>
                <dt>{t("Model")}</dt>
                <dd dir="auto">
                  {reply.state === "answered" ? valueWords(reply.value) : stateName(reply.state)}
                  {reply.confidence !== null && ` · ${percent(reply.confidence)}`}
                </dd>
              </div>
              <div data-differs={differs(reply.value, reply.human) || undefined}>
                <dt>{t("People")}</dt>
                <dd dir="auto">{valueWords(reply.human)}</dd>
              </div>
            </dl>
            {(reply.justification || reply.problem) && (
              <p className={classes.why} dir="auto">
                {told(reply.problem) || reply.justification}
              </p>
            )}
          </li>
        ))}
      </ul>
      {replies.hasNextPage && (
        <Button
          variant="default"
          loading={replies.isFetchingNextPage}
          onClick={() => void replies.fetchNextPage()}
        >
          {t("More answers")}
        </Button>
      )}
    </section>
  );
}

function differs(value: unknown, human: unknown): boolean {
  return human != null && JSON.stringify(value) !== JSON.stringify(human);
}

/** Let answers count as annotations, take that back, or do away with the labelling. */
function Use({ slug, labelling }: { slug: string; labelling: LabellingInfo }) {
  const { name } = labelling;
  const [confidence, setConfidence] = useState<number | null>(null);
  const [sure, setSure] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const again = () => void client.invalidateQueries({ queryKey: ["project", slug] });
  const promoting = useMutation({
    mutationFn: () => promote(slug, name, confidence),
    onSuccess: again,
  });
  const withdrawing = useMutation({ mutationFn: () => withdraw(slug, name), onSuccess: again });
  const deleting = useMutation({
    mutationFn: () => deleteLabelling(slug, name),
    onSuccess: () => {
      again();
      void navigate({ to: "/projects/$slug/llm", params: { slug } });
    },
  });
  const done = promoting.data ?? withdrawing.data;
  const error = promoting.error ?? withdrawing.error ?? deleting.error;
  return (
    <section className={classes.section} aria-labelledby="use">
      <h2 id="use">{t("Let the answers count")}</h2>
      <p>
        {t(
          "Promoted answers are annotations by {{name}}: they teach models and are exported. What people say counts instead wherever they say something, and you can take it back at any time.",
          { name },
        )}
      </p>
      <div className={classes.end}>
        <NumberInput
          label={t("Only from this confidence, in percent")}
          min={0}
          max={100}
          value={confidence === null ? "" : confidence * 100}
          onChange={(value) => setConfidence(value === "" ? null : Number(value) / 100)}
        />
        <Button
          variant="default"
          loading={withdrawing.isPending}
          onClick={() => withdrawing.mutate()}
        >
          {t("Take back")}
        </Button>
        <Button loading={promoting.isPending} onClick={() => promoting.mutate()}>
          {t("Promote the answers")}
        </Button>
      </div>
      {done && (
        <p role="status" className={classes.strong}>
          {promoting.data && !withdrawing.data
            ? t("{{count}} answers count now.", { count: promoting.data.promoted })
            : t("{{count}} answers count no longer.", { count: done.promoted })}
        </p>
      )}
      {error && <Notice error={error} />}
      <div className={classes.danger}>
        {sure ? (
          <>
            <p>
              {t(
                "Its scores go with it. The answers themselves are kept: whoever asks the same again pays nothing.",
              )}
            </p>
            <Button variant="default" onClick={() => setSure(false)}>
              {t("Keep it")}
            </Button>
            <Button color="red" loading={deleting.isPending} onClick={() => deleting.mutate()}>
              {t("Delete {{name}}", { name })}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setSure(true)}>
            {t("Delete this labelling…")}
          </Button>
        )}
      </div>
    </section>
  );
}
