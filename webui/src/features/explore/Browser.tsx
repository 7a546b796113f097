import { useThrottledValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { toProblem } from "@/api/problem";
import type { Element, LabelInfo, ProjectState, SchemeInfo, Value } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { kindOf } from "@/shared/filter/conditions";
import { notify } from "@/shared/notices/notices";
import { mayAnnotate, mayContribute } from "@/shared/project/roles";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { exploreActions } from "./actions";
import { given, type Kept, keptOf, pressed } from "./answers";
import { PART, partQuery, rowsBetween, statisticsQuery } from "./api";
import { Bulk } from "./Bulk";
import { ColumnMenu } from "./ColumnMenu";
import { columnsOf, shownContext } from "./columns";
import classes from "./Explore.module.css";
import { Filters, TEXT_FIELD } from "./Filters";
import { MEANING_FIELD } from "./Meaning";
import { CLOSER } from "./map/camera";
import type { MapHandle } from "./map/ShownMap";
import {
  changed,
  type ExploreSearch,
  filterKeyOf,
  narrowed,
  resorted,
  tableQuestion,
  withoutFilter,
} from "./search";
import { orderShown, soughtFor } from "./similar";
import { Table, type TableHandle } from "./Table";
import { useActs } from "./useActs";
import { useHandover } from "./useHandover";

const MapView = lazy(async () => ({ default: (await import("./map/MapView")).MapView }));

interface Props {
  state: ProjectState;
  scheme: SchemeInfo;
  search: ExploreSearch;
  onSearch: (search: ExploreSearch) => void;
}

/** The most texts that are selected, and labelled, at once. */
const MOST_SELECTED = 10_000;

/** Rows beyond what is seen that are asked for, so that a slow scroll never waits. */
const AHEAD = 40;

type Selected = ReadonlyMap<string, Kept>;
const NONE: Selected = new Map();

/** What is to be done with many texts once somebody has confirmed it: a label, or none. */
export type Proposal = { readonly label: LabelInfo | null };

/** The filter, the table or the map, and what is done with the texts. */
export function Browser({ state, scheme, search, onSearch }: Props) {
  const { project } = state;
  const username = useSession()?.username ?? "";
  const place = { slug: project.slug, scheme: scheme.name };
  const question = useMemo(() => tableQuestion(search), [search]);
  const filterKey = filterKeyOf(question);

  const [range, setRange] = useState({ first: 0, last: PART });
  const wanted = useThrottledValue(range, 100);
  const parts = partsOf(wanted.first - AHEAD, wanted.last + AHEAD);
  const answers = useQueries({ queries: parts.map((part) => partQuery(place, question, part)) });
  const arrived = answers.find(({ data }) => data !== undefined)?.data;
  const [known, setKnown] = useState({ filterKey: "", total: 0 });
  if (arrived !== undefined && (known.total !== arrived.total || known.filterKey !== filterKey)) {
    setKnown({ filterKey, total: arrived.total });
  }
  const total = known.filterKey === filterKey ? known.total : null;
  const failed = answers.find(({ error }) => error !== null);
  const elementAt = (index: number): Element | undefined =>
    answers[parts.indexOf(Math.floor(index / PART))]?.data?.elements[index % PART];

  const [marked, setMarked] = useState({ filterKey, selected: NONE });
  // What another filter had selected is seen no more, so that nothing may be done with it.
  const selected = marked.filterKey === filterKey ? marked.selected : NONE;
  const select = (next: Selected) => setMarked({ filterKey, selected: next });
  const [gathering, setGathering] = useState<number | null>(null);
  const [proposal, setProposal] = useState<Proposal | null>(null);
  const acts = useActs(place, username);
  const table = useRef<TableHandle>(null);
  const map = useRef<MapHandle>(null);
  const onMap = search.view === "map";
  const rows = useMemo(() => [...selected.values()].map(({ row }) => row), [selected]);

  const seen = answers.flatMap(({ data }) => data?.elements ?? []);
  const columns = project.context_columns.map((name) => ({
    name,
    kind: kindOf(seen.slice(0, PART).map(({ context }) => context[name])),
  }));
  const people = useQuery(statisticsQuery(place)).data?.annotators ?? [];
  const shown = shownContext(project.context_columns, search.columns);
  const many = scheme.widget === "choices" || scheme.type === "multilabel";
  const labelling = mayAnnotate(project) && scheme.type !== "span";
  const comparing = state.features.some(({ comparable }) => comparable);
  const working = search.similar !== undefined && arrived === undefined && failed === undefined;
  const found = useHandover(place, { search, question, selected: [...selected.values()], total });
  const handover = mayAnnotate(project) && failed === undefined ? found : null;

  const toggle = (element: Element) => {
    const next = new Map(selected);
    if (!next.delete(element.id)) next.set(element.id, keptOf(element, username));
    select(next);
  };
  const gather = async (from: number, to: number) => {
    const end = Math.min(to, from + MOST_SELECTED);
    setGathering(0);
    try {
      const elements = await rowsBetween(place, question, { from, to: end }, setGathering);
      const next = new Map(from === 0 && to >= (total ?? 0) ? NONE : selected);
      for (const each of elements) {
        if (next.size < MOST_SELECTED) next.set(each.id, keptOf(each, username));
      }
      select(next);
      return next.size > 0;
    } catch (error) {
      const text = toProblem(error).detail;
      notify({ id: "explore.gather", tone: "bad", title: t("Nothing was selected."), text });
      return false;
    } finally {
      setGathering(null);
    }
  };
  const selectRange = (from: number, to: number) => {
    const rows = Array.from({ length: to - from + 1 }, (_, at) => elementAt(from + at));
    if (rows.every((each) => each !== undefined)) {
      const next = new Map(selected);
      for (const each of rows) next.set(each.id, keptOf(each, username));
      select(next);
    } else void gather(from, to + 1);
  };
  const selectAll = () => {
    if (total !== null && total > 0) void gather(0, total);
  };

  /** The text that the keys are for. */
  const current = (): Element | undefined => {
    const index = table.current?.focusedRow() ?? null;
    if (onMap) return map.current?.read();
    return index === null ? undefined : elementAt(index);
  };
  const lookLike = (element: Element) => {
    const similar = soughtFor({ id: element.id }, search.similar ?? {}) ?? undefined;
    // The most similar come first, whatever the order was.
    onSearch(changed(search, { similar, sort: undefined }));
  };
  const sayOne = (element: Element, value: Value) => {
    const kept = keptOf(element, username);
    void acts.say([kept], () => value, t("{{id}} is labelled.", { id: element.id }));
  };
  const label = (given: LabelInfo | null) => {
    if (selected.size > 0) {
      setProposal({ label: given });
      return;
    }
    const element = current();
    if (element === undefined && onMap && search.region !== undefined && total !== null) {
      // What was drawn around is meant, and how many they are is said before anything is done.
      void gather(0, total).then((any) => any && setProposal({ label: given }));
    } else if (element === undefined) (onMap ? map : table).current?.focus();
    else if (given === null) sayOne(element, null);
    else sayOne(element, pressed(keptOf(element, username).value, given.name, many));
  };
  const confirm = async () => {
    if (proposal === null) return;
    const kept = [...selected.values()];
    const { label: chosen } = proposal;
    const answerOf = ({ value }: Kept) =>
      chosen === null ? null : given(value, chosen.name, many);
    const told =
      chosen === null
        ? t("My labels of {{count}} texts are cleared.", { count: kept.length })
        : t("{{count}} texts are labelled {{label}}.", { count: kept.length, label: chosen.name });
    setProposal(null);
    if (await acts.say(kept, answerOf, told)) select(NONE);
    (onMap ? map : table).current?.focus();
  };

  const actions = exploreActions(
    {
      label,
      clear: () => label(null),
      undo: acts.undo,
      find: () => document.getElementById(TEXT_FIELD)?.focus(),
      seek: () => document.getElementById(MEANING_FIELD)?.focus(),
      like: () => {
        const element = current();
        if (element === undefined) (onMap ? map : table).current?.focus();
        else lookLike(element);
      },
      annotate: () => handover?.run(),
      selectAll,
      deselect: () => {
        if (!(onMap && map.current?.leave())) select(NONE);
      },
      switchView: () => onSearch(changed(search, { view: onMap ? undefined : "map" })),
      ...(onMap
        ? {
            map: {
              lasso: () => map.current?.lasso(),
              box: () => map.current?.box(),
              inView: () => map.current?.inView(),
              closer: () => map.current?.zoom(CLOSER),
              farther: () => map.current?.zoom(1 / CLOSER),
              all: () => map.current?.showAll(),
            },
          }
        : {}),
    },
    {
      labels: scheme.labels,
      labelling,
      undoable: acts.any,
      selected: selected.size > 0,
      comparing,
      handover: handover?.title ?? null,
    },
  );
  const annotating = actions.find(({ id }) => id === "explore.annotate");
  useActionKeys(actions);

  const clear = () => onSearch(withoutFilter(search));
  return (
    <>
      <Filters
        slug={project.slug}
        features={state.features}
        computing={mayContribute(project)}
        search={search}
        onSearch={onSearch}
        labels={scheme.labels}
        people={people.map(({ username: name }) => name)}
        columns={columns}
      />
      <div className={classes.above}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend */}
        <div role="group" aria-label={t("View")} className={classes.views}>
          {([undefined, "map"] as const).map((view) => (
            <button
              key={view ?? "table"}
              type="button"
              aria-pressed={search.view === view}
              onClick={() => onSearch(changed(search, { view }))}
            >
              {view === undefined ? t("Table") : t("Map")}
            </button>
          ))}
        </div>
        <p aria-live="polite" className={classes.count}>
          {total !== null && counted(total, project.n_rows)}
        </p>
        {handover !== null && annotating !== undefined && <ActionButton action={annotating} />}
        <p className={classes.hint}>
          {onMap
            ? t("m shows the table, l draws around texts; ? shows all keys.")
            : labelling
              ? t("Enter reads, space selects, a label's key labels; ? shows all keys.")
              : t("Enter reads, space selects; ? shows all keys.")}
        </p>
        {!onMap && (
          <ColumnMenu
            all={project.context_columns}
            shown={shown}
            onChange={(next) => onSearch(changed(search, { columns: next }))}
          />
        )}
      </div>
      {labelling && (
        <Bulk
          selected={[...selected.values()]}
          total={total ?? 0}
          most={MOST_SELECTED}
          labels={scheme.labels}
          many={many}
          gathering={gathering}
          busy={acts.busy}
          proposal={proposal}
          onPropose={setProposal}
          onConfirm={() => void confirm()}
          onSelectAll={selectAll}
          onDeselect={() => select(NONE)}
        />
      )}
      {failed !== undefined && (
        <Notice error={failed.error}>
          <button type="button" className={classes.quiet} onClick={() => void failed.refetch()}>
            {t("Try again")}
          </button>
          {search.similar !== undefined && (
            <button
              type="button"
              className={classes.quiet}
              onClick={() => onSearch(changed(search, { similar: undefined }))}
            >
              {t("Do not look for similar texts")}
            </button>
          )}
          {narrowed(search) && (
            <button type="button" className={classes.quiet} onClick={clear}>
              {t("Clear the filter")}
            </button>
          )}
        </Notice>
      )}
      {working && (
        <p role="status" className={classes.hint}>
          {t("Working out how alike the texts are…")}
        </p>
      )}
      {!onMap && failed === undefined && total === null && <Skeleton lines={8} />}
      {total === 0 && failed === undefined && (
        <div className={classes.empty}>
          <p>
            {narrowed(search)
              ? t("No text passes this filter.")
              : t("This project has no texts yet. Add some in its settings.")}
          </p>
          {narrowed(search) && (
            <button type="button" className={classes.quiet} onClick={clear}>
              {t("Clear the filter")}
            </button>
          )}
        </div>
      )}
      {onMap && (
        <Suspense fallback={<Skeleton lines={8} />}>
          <MapView
            handle={map}
            state={state}
            scheme={scheme}
            search={search}
            question={question}
            selected={rows}
            keys={actions}
            onSearch={onSearch}
            onToggle={toggle}
            {...(labelling ? { onLabel: label } : {})}
            {...(comparing ? { onLike: lookLike } : {})}
          />
        </Suspense>
      )}
      {!onMap && total !== null && total > 0 && (
        <Table
          // Another order begins at its top.
          key={JSON.stringify(question)}
          handle={table}
          total={total}
          columns={columnsOf(shown, scheme.guide !== null, search.similar !== undefined)}
          labels={scheme.labels}
          many={many}
          elementAt={elementAt}
          isSelected={({ id }) => selected.has(id)}
          sort={orderShown(search.sort, search.similar)}
          onSort={(by, beside) =>
            onSearch(changed(search, { sort: resorted(search.sort, by, beside) }))
          }
          onRange={(first, last) => {
            if (first !== range.first || last !== range.last) setRange({ first, last });
          }}
          onToggle={toggle}
          onSelectRange={selectRange}
          onSelectAll={selectAll}
          keys={actions}
          {...(labelling ? { onLabel: label } : {})}
          {...(comparing ? { onLike: lookLike } : {})}
        />
      )}
    </>
  );
}

function partsOf(first: number, last: number): number[] {
  const from = Math.max(0, Math.floor(first / PART));
  const to = Math.max(from, Math.floor(last / PART));
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function counted(total: number, all: number): string {
  return total === all
    ? t("{{count}} texts", { count: total })
    : t("{{count}} texts of {{all}}", { count: total, all });
}
