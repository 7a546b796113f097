import { useComputedColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useRef, useState } from "react";
import type {
  Element,
  LabelInfo,
  ProjectionInfo,
  ProjectState,
  SchemeInfo,
  TableQuery,
  TopicsInfo,
} from "@/api/schema";
import { type Action, shownKey } from "@/shared/actions/action";
import { boxed } from "@/shared/filter/region";
import { mayContribute } from "@/shared/project/roles";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { mapKey, rowQuery } from "../api";
import { Reading } from "../Row";
import { changed, type ExploreSearch, narrowed as narrows } from "../search";
import { orderOnly } from "../similar";
import { coloursFile, rowsFile, similarityFile } from "./api";
import type { Box, Point } from "./camera";
import { colouredBy, legendOf, paletteOf, scalePalette, writeColourBy } from "./colouring";
import { LEFT_OUT, SELECTED } from "./drawing";
import { Legend, scaleStops } from "./Legend";
import classes from "./Map.module.css";
import { indexOfRows } from "./points";
import type { Reader } from "./reader";
import { cornersOf, lassoed } from "./region";
import { Stage, type StageHandle, type Tool } from "./Stage";
import { Topics } from "./Topics";
import { tonesOf } from "./tones";
import type { Drawn } from "./useDrawing";
import { useReader } from "./useReader";

/** What others may ask of the map. */
export interface MapHandle {
  focus: () => void;
  /** The text that is read beside the map. */
  read: () => Element | undefined;
  lasso: () => void;
  box: () => void;
  inView: () => void;
  zoom: (factor: number) => void;
  showAll: () => void;
  /** Put a tool away, or the text; tells whether there was anything. */
  leave: () => boolean;
}

export interface MapProps {
  handle: Ref<MapHandle>;
  state: ProjectState;
  scheme: SchemeInfo;
  search: ExploreSearch;
  question: TableQuery;
  /** Rows of the corpus that are selected. */
  selected: readonly number[];
  keys: readonly Action[];
  onSearch: (search: ExploreSearch) => void;
  onToggle: (element: Element) => void;
  onLabel?: (label: LabelInfo | null) => void;
  onLike?: (element: Element) => void;
}

interface ShownProps extends MapProps {
  map: ProjectionInfo;
  topics: readonly TopicsInfo[];
  children: ReactNode;
}

/** So often what others do is looked at, in milliseconds. */
const AGAIN = 60_000;

const NOTHING_HIDDEN: ReadonlySet<number> = new Set();

/** One map: its points, what their colours mean, and the text that is read. */
export function ShownMap(props: ShownProps) {
  const { state, map } = props;
  const [attempt, setAttempt] = useState(0);
  const { reader, error } = useReader(state.project.slug, map, attempt);
  if (error !== null) {
    return (
      <div className={classes.view}>
        <Notice error={error}>
          <button
            type="button"
            className={classes.quiet}
            onClick={() => setAttempt((before) => before + 1)}
          >
            {t("Try again")}
          </button>
        </Notice>
        <div className={classes.side}>{props.children}</div>
      </div>
    );
  }
  if (reader === null) {
    return (
      <div className={classes.view}>
        <p className={classes.waiting} role="status">
          {t("Reading the map of {{count}} texts…", { count: map.rows })}
        </p>
        <div className={classes.side}>{props.children}</div>
      </div>
    );
  }
  return <Points {...props} key={`${map.id} ${map.rows}`} reader={reader} />;
}

function Points(props: ShownProps & { reader: Reader }) {
  const { state, scheme, search, question, selected, map, topics, reader, onSearch } = props;
  const { slug } = state.project;
  const place = { slug, scheme: scheme.name };
  const client = useQueryClient();
  const dark = useComputedColorScheme("light") === "dark";
  const { similar } = search;
  const by = colouredBy(search.color, similar !== undefined);
  const byKey = writeColourBy(by);
  const { places } = reader;
  const n = places.rows.length;

  const colours = useQuery({
    queryKey: [
      ...mapKey(slug),
      ...[map.id, map.rows, "colours", scheme.name, byKey],
      by.kind === "similarity" && similar !== undefined ? orderOnly(similar) : null,
    ],
    queryFn: async ({ signal }) => {
      const file =
        by.kind === "similarity" && similar !== undefined
          ? await similarityFile(place, similar, signal)
          : await coloursFile(place, map.id, by, signal);
      return { by, found: await reader.colours(file, by.kind) };
    },
    structuralSharing: false,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN,
    gcTime: AGAIN,
  });
  const narrowed = narrows(search);
  const among = useQuery({
    queryKey: [...mapKey(slug), map.id, map.rows, "among", scheme.name, { ...question, sort: [] }],
    queryFn: async ({ signal }) => reader.among(await rowsFile(place, question, signal)),
    enabled: narrowed,
    structuralSharing: false,
    gcTime: AGAIN,
  });

  const pointOf = useMemo(() => indexOfRows(places.rows), [places]);
  const passing = narrowed ? (among.data ?? null) : null;
  const states = useMemo(() => {
    const found = new Uint8Array(n);
    if (passing !== null) {
      for (let index = 0; index < n; index += 1) found[index] = passing[index] ? 0 : LEFT_OUT;
    }
    for (const row of selected) {
      const index = pointOf[row] ?? -1;
      if (index >= 0) found[index] = (found[index] ?? 0) | SELECTED;
    }
    return found;
  }, [n, passing, selected, pointOf]);

  const [hiding, setHiding] = useState({ key: byKey, hidden: NOTHING_HIDDEN });
  const hidden = hiding.key === byKey ? hiding.hidden : NOTHING_HIDDEN;
  const setHidden = (next: ReadonlySet<number>) => setHiding({ key: byKey, hidden: next });
  const shownColours = colours.data;
  const entries = useMemo(
    () =>
      shownColours === undefined
        ? []
        : legendOf(shownColours.found, shownColours.by.kind, scheme.labels),
    [shownColours, scheme.labels],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours differ in light and dark
  const palette = useMemo(() => {
    if (shownColours === undefined || shownColours.found.scale === "names") {
      const listed =
        shownColours === undefined
          ? [{ code: 0, name: null, count: n, color: "var(--line-strong)" }]
          : entries;
      return paletteOf(listed, tonesOf(listed.map(({ color }) => color)), hidden);
    }
    const [none = [0, 0, 0] as const] = tonesOf(["var(--line-strong)"]);
    return scalePalette(tonesOf(scaleStops(dark)), none, hidden.has(0));
  }, [shownColours, entries, hidden, dark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours differ in light and dark
  const [faint, ring] = useMemo(() => {
    const [first = [0, 0, 0], second = [0, 0, 0]] = tonesOf(["var(--line)", "var(--ink)"]);
    return [first, second];
  }, [dark]);
  const codes = shownColours?.found.codes ?? null;
  const sure = shownColours?.found.sure ?? null;
  const drawn: Drawn = useMemo(
    () => ({ places, codes, sure, states, palette, faint, ring }),
    [places, codes, sure, states, palette, faint, ring],
  );
  const counts = (index: number): boolean => {
    if (((states[index] ?? 0) & LEFT_OUT) !== 0) return false;
    return (palette[(codes?.[index] ?? 0) * 4 + 3] ?? 255) !== 0;
  };

  const stage = useRef<StageHandle>(null);
  const [tool, setTool] = useState<Tool>("hand");
  const [hovered, setHovered] = useState<number | null>(null);
  const [pinnedRow, setPinnedRow] = useState<number | null>(null);
  const rowOf = (index: number | null) => (index === null ? null : (places.rows[index] ?? null));
  const [rested] = useDebouncedValue(rowOf(hovered), 120);
  const hoveredText = useQuery(rowQuery(place, rested)).data?.elements[0];
  const pinnedText = useQuery(rowQuery(place, pinnedRow)).data?.elements[0];
  const found = pinnedRow === null ? -1 : (pointOf[pinnedRow] ?? -1);
  const pinned = found < 0 ? null : found;

  const onRegion = (region: ReturnType<typeof boxed>) => {
    setTool("hand");
    if (region !== null) onSearch(changed(search, { region }));
  };
  const take = (next: Tool) => setTool(tool === next ? "hand" : next);
  const inView = () => {
    const box = stage.current?.seen() ?? null;
    if (box !== null) onRegion(boxed(map.name, box));
  };
  useImperativeHandle(props.handle, () => ({
    focus: () => stage.current?.focus(),
    read: () => pinnedText,
    lasso: () => take("lasso"),
    box: () => take("box"),
    inView,
    zoom: (factor) => stage.current?.zoom(factor),
    showAll: () => stage.current?.showAll(),
    leave: () => {
      const any = tool !== "hand" || pinnedRow !== null;
      setTool("hand");
      if (tool === "hand") setPinnedRow(null);
      return any;
    },
  }));
  const onToggle = async (index: number) => {
    const row = rowOf(index);
    if (row === null) return;
    const { elements } = await client.fetchQuery({ ...rowQuery(place, row), staleTime: AGAIN });
    const [element] = elements;
    if (element !== undefined) props.onToggle(element);
  };

  const { region } = search;
  const mine = region !== undefined && [map.name, map.id].includes(region.projection);
  const outline = useMemo(
    (): readonly Point[] | null => (mine && region !== undefined ? cornersOf(region) : null),
    [mine, region],
  );
  const ofTopics = by.kind === "topic" ? topics.find(({ name }) => name === by.of) : undefined;
  const buttons: readonly { id: string; pressed?: boolean }[] = [
    { id: "explore.map.lasso", pressed: tool === "lasso" },
    { id: "explore.map.box", pressed: tool === "box" },
    { id: "explore.map.view" },
    { id: "explore.map.closer" },
    { id: "explore.map.farther" },
    { id: "explore.map.all" },
  ];
  const failed = colours.error ?? among.error;
  return (
    <>
      {failed !== null && (
        <Notice error={failed}>
          <button
            type="button"
            className={classes.quiet}
            onClick={() => {
              void colours.refetch();
              if (narrowed) void among.refetch();
            }}
          >
            {t("Try again")}
          </button>
        </Notice>
      )}
      <div className={classes.view}>
        <div className={classes.field}>
          <div className={classes.tools} role="toolbar" aria-label={t("Tools of the map")}>
            {buttons.map(({ id, pressed }) => {
              const action = props.keys.find((each) => each.id === id);
              const key = action?.keys[0];
              return (
                action !== undefined && (
                  <button
                    key={id}
                    type="button"
                    {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
                    aria-keyshortcuts={key}
                    onClick={action.run}
                  >
                    {key !== undefined && <kbd>{shownKey(key)}</kbd>}
                    <span>{action.title}</span>
                  </button>
                )
              );
            })}
          </div>
          <Stage
            handle={stage}
            drawn={drawn}
            tool={tool}
            counts={counts}
            outline={outline}
            pinned={pinned}
            hovered={hovered}
            card={
              hoveredText !== undefined && hoveredText.row === rowOf(hovered) ? (
                <p dir="auto">{excerpt(hoveredText.text)}</p>
              ) : null
            }
            onHover={setHovered}
            onPin={(index) => setPinnedRow(rowOf(index))}
            onToggle={(index) => void onToggle(index)}
            onLasso={(line: readonly Point[]) => onRegion(lassoed(map.name, line))}
            onBox={(box: Box) => onRegion(boxed(map.name, box))}
          />
          <p id="explore-map-keys" className={classes.soft}>
            {tool === "hand"
              ? t("Drag to move, turn the wheel to go closer; arrow keys, + and − do the same.")
              : t("Drag around the texts that you want; Escape puts the tool away.")}{" "}
            {places.without > 0 &&
              t("{{count}} texts have no place on this map.", { count: places.without })}
          </p>
        </div>
        <div className={classes.side}>
          {props.children}
          {pinnedRow !== null && (
            <section className={classes.reading} aria-label={t("Text")}>
              <div className={classes.readingHead}>
                <span className={classes.name} dir="auto">
                  {pinnedText?.id ?? ""}
                </span>
                <button type="button" aria-label={t("Close")} onClick={() => setPinnedRow(null)}>
                  ×
                </button>
              </div>
              {pinnedText !== undefined && (
                <Reading
                  element={pinnedText}
                  labels={scheme.labels}
                  keys={props.keys}
                  onLabel={props.onLabel}
                  onLike={props.onLike && (() => props.onLike?.(pinnedText))}
                />
              )}
            </section>
          )}
          {ofTopics !== undefined && (
            <Topics
              slug={slug}
              topics={ofTopics}
              entries={shownColours?.by.kind === "topic" ? entries : []}
              hidden={hidden}
              onHidden={setHidden}
              may={mayContribute(state.project)}
            />
          )}
          {shownColours !== undefined && (
            <Legend
              by={shownColours.by}
              colours={shownColours.found}
              entries={ofTopics === undefined ? entries : entries.filter(({ code }) => code === 0)}
              hidden={hidden}
              dark={dark}
              onHidden={setHidden}
            />
          )}
        </div>
      </div>
    </>
  );
}

const EXCERPT = 220;

function excerpt(text: string): string {
  const letters = [...text.slice(0, EXCERPT * 2)];
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join("")}…` : text;
}
