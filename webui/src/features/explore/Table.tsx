import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Element, LabelInfo, SortKey } from "@/api/schema";
import type { Action } from "@/shared/actions/action";
import { t } from "@/shared/words/translate";
import type { Column } from "./columns";
import classes from "./Explore.module.css";
import { Head } from "./Head";
import { OpenedRow, Row } from "./Row";
import { type Layout, scrolledHeight, scrollTo, viewAt } from "./view";

/** What others may ask of a table. */
export interface TableHandle {
  focus: () => void;
  /** The row that keys are for, where the table has the focus. */
  focusedRow: () => number | null;
}

interface Props {
  handle: Ref<TableHandle>;
  total: number;
  columns: readonly Column[];
  labels: readonly LabelInfo[];
  many: boolean;
  /** The text in a place of the order; undefined while it is on its way. */
  elementAt: (index: number) => Element | undefined;
  isSelected: (element: Element) => boolean;
  sort: readonly SortKey[] | undefined;
  keys: readonly Action[];
  onSort: (by: string, beside: boolean) => void;
  onRange: (first: number, last: number) => void;
  onToggle: (element: Element) => void;
  onSelectRange: (from: number, to: number) => void;
  onSelectAll: () => void;
  onLabel?: (label: LabelInfo | null) => void;
  onLike?: (element: Element) => void;
}

const ROW = 40;
const HEAD = 40;
const OPENED = 260;
/** Where what belongs to a text stands below it and not beside it. */
const OPENED_NARROW = 380;
const NARROW = 640;

/** A table of any length: only the rows that are seen are drawn. */
export function Table(props: Props) {
  const { total, columns, elementAt, onRange } = props;
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(600);
  const [extra, setExtra] = useState(OPENED);
  const [scrollTop, setScrollTop] = useState(0);
  const [active, setActive] = useState(0);
  const [anchor, setAnchor] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const open = opened === null ? null : { index: opened, extra };
  const layout: Layout = { total, rowHeight: ROW, viewport, open };
  const view = viewAt(layout, scrollTop);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setViewport(element.clientHeight - HEAD);
      setExtra(element.clientWidth < NARROW ? OPENED_NARROW : OPENED);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const tellRange = useEffectEvent((first: number, last: number) => onRange(first, last));
  useEffect(() => tellRange(view.first, view.last), [view.first, view.last]);
  // What is filtered while it is shown may become shorter than where one stands.
  const current = Math.min(active, total - 1);
  useImperativeHandle(props.handle, () => ({
    focus: () => box.current?.focus(),
    focusedRow: () => (box.current?.contains(document.activeElement) ? current : null),
  }));

  const go = (index: number, of: Layout = layout) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    const element = box.current;
    if (element === null) return next;
    const to = scrollTo(of, next, element.scrollTop);
    if (to !== element.scrollTop) element.scrollTop = to;
    return next;
  };
  const toggleOpen = (index: number) => {
    const next = opened === index ? null : index;
    setOpened(next);
    go(index, { ...layout, open: next === null ? null : { index: next, extra } });
  };
  const toggle = (index: number) => {
    const element = elementAt(index);
    if (element !== undefined) props.onToggle(element);
    setAnchor(index);
  };
  const extendTo = (index: number) => {
    const from = anchor ?? current;
    setAnchor(from);
    props.onSelectRange(Math.min(from, index), Math.max(from, index));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Buttons within have keys of their own.
    if (event.target !== event.currentTarget || event.altKey) return;
    const page = Math.max(1, Math.floor(viewport / ROW) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: current - 1,
      ArrowDown: current + 1,
      PageUp: current - page,
      PageDown: current + page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      const next = go(to);
      if (event.shiftKey) extendTo(next);
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) props.onSelectAll();
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Enter") toggleOpen(current);
    else if (event.key === " ") event.shiftKey ? extendTo(current) : toggle(current);
    else if (event.key === "Escape" && opened !== null) setOpened(null);
    else return;
    event.preventDefault();
  };
  const onPress = (event: MouseEvent, index: number, inText: boolean) => {
    setActive(index);
    box.current?.focus({ preventScroll: true });
    if (event.shiftKey) extendTo(index);
    else if (event.ctrlKey || event.metaKey) toggle(index);
    else {
      setAnchor(index);
      if (inText) toggleOpen(index);
    }
  };

  const width = columns.reduce((sum, each) => sum + Number.parseFloat(minimum(each.width)), 2.5);
  const template = ["2.5rem", ...columns.map((each) => each.width)].join(" ");
  const rows = Array.from({ length: view.last - view.first }, (_, at) => view.first + at);
  return (
    // biome-ignore lint/a11y/useSemanticElements: of a table element no part could be left out
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      className={classes.table}
      aria-label={t("Texts")}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={rows.includes(current) ? rowId(current) : undefined}
      style={{ "--columns": template, "--least": `${width}rem` }}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <Head columns={columns} sort={props.sort} onSort={props.onSort} />
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="rowgroup" className={classes.rows} style={{ height: scrolledHeight(layout) }}>
        {rows.map((index) => {
          const element = elementAt(index);
          return (
            <Row
              key={index}
              id={rowId(index)}
              index={index}
              top={view.top(index)}
              columns={columns}
              labels={props.labels}
              many={props.many}
              element={element}
              active={index === current}
              opened={index === opened}
              selected={element !== undefined && props.isSelected(element)}
              onPress={(event, inText) => onPress(event, index, inText)}
              onToggle={(event) => {
                setActive(index);
                event.shiftKey ? extendTo(index) : toggle(index);
              }}
            />
          );
        })}
        {opened !== null && opened >= view.first && opened < view.last && (
          <OpenedRow
            element={elementAt(opened)}
            top={view.top(opened) + ROW}
            height={extra}
            columns={columns.length + 1}
            labels={props.labels}
            keys={props.keys}
            onLike={
              props.onLike &&
              (() => {
                const element = elementAt(opened);
                if (element !== undefined) props.onLike?.(element);
              })
            }
            onLabel={
              props.onLabel &&
              ((label) => {
                // A press on a label is for the text above it.
                box.current?.focus({ preventScroll: true });
                setActive(opened);
                props.onLabel?.(label);
              })
            }
          />
        )}
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `explore-row-${index}`;
}

/** The least width of a column: the first length in it. */
function minimum(width: string): string {
  return /[\d.]+(?=rem)/.exec(width)?.[0] ?? "8";
}
