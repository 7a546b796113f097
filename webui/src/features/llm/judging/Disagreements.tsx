import { Button, Select } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { LabellingInfo, ProjectState, SchemeInfo, WrongPrediction } from "@/api/schema";
import { mayAnnotate } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import { sayOf, takeBack, wrongQuery } from "../api";
import classes from "../Llm.module.css";
import { Confusion } from "./Confusion";
import { type Cell, judged, type Split } from "./scores";

interface Props {
  state: ProjectState;
  labelling: LabellingInfo;
}

/** Where the model and people differ: what was called what, and the texts, to be read and corrected. */
export function Disagreements({ state, labelling }: Props) {
  const splits = judged(labelling);
  const [wanted, setSplit] = useState<Split | null>(null);
  const split = wanted !== null && splits.includes(wanted) ? wanted : splits[0];
  const [cell, setCell] = useState<Pick<Cell, "truth" | "said"> | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const scheme = state.schemes.find(({ name }) => name === labelling.scheme);
  const report = split === undefined ? undefined : labelling.scores[split];
  return (
    <section className={classes.section} aria-labelledby="differ">
      <div className={classes.head}>
        <h2 id="differ">{t("Where it differs from people")}</h2>
        {splits.length > 1 && (
          <Select
            aria-label={t("Split")}
            size="xs"
            data={[...splits]}
            value={split ?? null}
            allowDeselect={false}
            onChange={(picked) => {
              setSplit(picked as Split);
              setCell(null);
            }}
          />
        )}
      </div>
      {report === undefined || split === undefined ? (
        <p>
          {t(
            "It can be told once the model has answered texts that people have coded, or people have coded texts that it has answered.",
          )}
        </p>
      ) : (
        <>
          <Confusion
            report={report}
            opened={cell}
            onOpen={(opened) => {
              setCell(opened);
              list.current?.focus();
            }}
          />
          <div ref={list} tabIndex={-1} className={classes.opened}>
            {cell !== null && (
              <p>
                {t("People call these {{truth}}, the model {{said}}.", {
                  truth: cell.truth,
                  said: cell.said,
                })}{" "}
                <button type="button" className={classes.quiet} onClick={() => setCell(null)}>
                  {t("All disagreements")}
                </button>
              </p>
            )}
            {scheme && (
              <Texts
                key={`${split}/${cell?.truth}/${cell?.said}`}
                state={state}
                labelling={labelling}
                scheme={scheme}
                split={split}
                cell={cell}
              />
            )}
          </div>
        </>
      )}
      {scheme?.guide != null && (
        <p className={classes.guide}>
          {t("Where it differs from the guide, texts that nobody has coded say most.")}{" "}
          <Link
            to="/projects/$slug/annotate/$scheme"
            params={{ slug: state.project.slug, scheme: scheme.name }}
            search={{ strategy: "llm-disagreement" }}
          >
            {t("Annotate these")}
          </Link>
        </p>
      )}
    </section>
  );
}

interface TextsProps extends Props {
  scheme: SchemeInfo;
  split: Split;
  cell: Pick<Cell, "truth" | "said"> | null;
}

function Texts({ state, labelling, scheme, split, cell }: TextsProps) {
  const { slug } = state.project;
  const wrong = useInfiniteQuery(wrongQuery(slug, labelling.name, split, cell));
  const [first] = wrong.data?.pages ?? [];
  const items = wrong.data?.pages.flatMap((page) => page.items) ?? [];
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ["project", slug] });
  const [done, setDone] = useState<{ readonly id: string; readonly value: string } | null>(null);
  const saying = useMutation({
    mutationFn: ({ id, value }: { id: string; value: unknown }) =>
      sayOf({ slug, scheme: scheme.name }, id, value),
    onSuccess: (_, { id, value }) => {
      setDone({ id, value: said(value, "") });
      return again();
    },
  });
  const undoing = useMutation({
    mutationFn: () => takeBack({ slug, scheme: scheme.name }),
    onSuccess: () => {
      setDone(null);
      return again();
    },
  });
  const error = wrong.error ?? saying.error ?? undoing.error;
  const may = mayAnnotate(state.project) && scheme.widget !== "spans";
  return (
    <>
      {first && cell === null && (
        <p>
          {t("{{wrong}} of {{compared}} texts differ, those first of which it was surest.", {
            wrong: first.wrong,
            compared: first.compared,
          })}
        </p>
      )}
      {error && <Notice error={error} />}
      {done !== null && (
        <p role="status" className={classes.done}>
          {t("One text is {{value}} now, as you say.", { value: done.value })}{" "}
          <Button
            size="compact-sm"
            variant="default"
            loading={undoing.isPending}
            onClick={() => undoing.mutate()}
          >
            {t("Undo")}
          </Button>
        </p>
      )}
      {wrong.isPending && <Skeleton />}
      {first && items.length === 0 && <p>{t("There is none.")}</p>}
      <ul className={classes.replies}>
        {items.map((item) => (
          <Differing
            key={item.id}
            item={item}
            scheme={scheme}
            may={may}
            busy={saying.isPending}
            onSay={(value) => saying.mutate({ id: item.id, value })}
          />
        ))}
      </ul>
      {wrong.hasNextPage && (
        <Button
          variant="default"
          loading={wrong.isFetchingNextPage}
          onClick={() => void wrong.fetchNextPage()}
        >
          {t("More texts")}
        </Button>
      )}
    </>
  );
}

interface DifferingProps {
  item: WrongPrediction;
  scheme: SchemeInfo;
  may: boolean;
  busy: boolean;
  onSay: (value: unknown) => void;
}

/** A text with both answers, and the way to say which is right. */
function Differing({ item, scheme, may, busy, onSay }: DifferingProps) {
  const { text, value, predicted, confidence } = item;
  const model = said(predicted, text);
  const others = scheme.labels
    .map(({ name }) => name)
    .filter((name) => name !== predicted && name !== value);
  return (
    <li>
      <p className={classes.text} dir="auto">
        {text}
      </p>
      <dl className={classes.values}>
        <div>
          <dt>{t("People")}</dt>
          <dd dir="auto">{said(value, text)}</dd>
        </div>
        <div>
          <dt>{t("Model")}</dt>
          <dd dir="auto">
            {model}
            {confidence < 1 && ` · ${percent(confidence)}`}
          </dd>
        </div>
      </dl>
      {may && (
        <div className={classes.correct}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={busy}
            aria-label={t("The model is right: {{value}}", { value: model })}
            onClick={() => onSay(predicted)}
          >
            {t("The model is right")}
          </Button>
          {scheme.widget === "choice" && others.length > 0 && (
            <Select
              size="xs"
              aria-label={t("Neither: say what it is")}
              placeholder={t("Neither: say what it is")}
              data={others}
              value={null}
              disabled={busy}
              searchable
              onChange={(name) => name !== null && onSay(name)}
            />
          )}
        </div>
      )}
    </li>
  );
}
