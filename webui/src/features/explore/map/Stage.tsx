import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { t } from "@/shared/words/translate";
import {
  type Box,
  type Camera,
  overview,
  type Point,
  panned,
  seen,
  toMap,
  toScreen,
  zoomed,
} from "./camera";
import { nearest } from "./grid";
import classes from "./Map.module.css";
import { type Drawn, useDrawing } from "./useDrawing";

export type Tool = "hand" | "lasso" | "box";

/** What others may ask of the map's drawing. */
export interface StageHandle {
  focus: () => void;
  zoom: (factor: number) => void;
  showAll: () => void;
  /** The part of the map that is seen. */
  seen: () => Box | null;
}

interface Props {
  handle: Ref<StageHandle>;
  drawn: Drawn;
  tool: Tool;
  /** Whether a point can be pointed at: what is hidden or left out cannot. */
  counts: (index: number) => boolean;
  /** The lines around regions. */
  outline: readonly Point[] | null;
  pinned: number | null;
  hovered: number | null;
  /** What is said of the point under the pointer. */
  card: ReactNode;
  onHover: (index: number | null) => void;
  onPin: (index: number | null) => void;
  onToggle: (index: number) => void;
  onLasso: (line: readonly Point[]) => void;
  onBox: (box: Box) => void;
}

/** How near a pointer has to be to a point, in pixels. */
const REACH = 12;
/** What a hand moves without meaning to. */
const STILL = 4;
const STEP = 60;

interface Hand {
  readonly kind: Tool;
  readonly from: Point;
  readonly line: readonly Point[];
}

/** The map itself: drawn, moved, pointed at, and drawn around. */
export function Stage(props: Props) {
  const { drawn, tool, outline, pinned, hovered, counts } = props;
  const { places } = drawn;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [looked, setLooked] = useState<Camera | null>(null);
  const [hand, setHand] = useState<Hand | null>(null);
  const [focused, setFocused] = useState(false);
  const fingers = useRef(new Map<number, Point>());
  const all = size.width === 0 ? null : overview(places.grid.box, size);
  const camera = looked ?? all;
  const trouble = useDrawing(canvas, drawn, camera, all, size);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const zoom = (factor: number, at: Point = [size.width / 2, size.height / 2]) => {
    if (camera !== null && all !== null) setLooked(zoomed(camera, size, factor, at, all));
  };
  const move = (dx: number, dy: number) => {
    if (camera !== null) setLooked(panned(camera, dx, dy));
  };
  useImperativeHandle(props.handle, () => ({
    focus: () => box.current?.focus({ preventScroll: true }),
    zoom: (factor) => zoom(factor),
    showAll: () => setLooked(null),
    seen: () => (camera === null ? null : seen(camera, size)),
  }));

  const placeOf = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const { left, top } = box.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return [clientX - left, clientY - top];
  };
  const pointAt = (at: Point, reach = REACH): number | null =>
    camera === null
      ? null
      : nearest(places.grid, places.places, toMap(camera, size, at), reach / camera.scale, counts);

  // React hears the wheel too late to keep the page from scrolling.
  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const turned = Math.max(-240, Math.min(240, event.deltaY * lines));
    zoom(1.0022 ** -turned, placeOf(event));
  });
  useEffect(() => {
    const element = box.current;
    const listener = (event: WheelEvent) => onWheel(event);
    element?.addEventListener("wheel", listener, { passive: false });
    return () => element?.removeEventListener("wheel", listener);
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const at = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, at);
    // A second finger means that the map is to be moved, whatever the first has begun.
    const kind = fingers.current.size > 1 ? "hand" : event.shiftKey ? "box" : tool;
    setHand({ kind, from: at, line: [at] });
    props.onHover(null);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const at = placeOf(event);
    const before = fingers.current.get(event.pointerId);
    if (before === undefined || hand === null) {
      if (event.pointerType === "mouse" && tool === "hand") props.onHover(pointAt(at));
      return;
    }
    const [other] = [...fingers.current].filter(([id]) => id !== event.pointerId);
    fingers.current.set(event.pointerId, at);
    if (other !== undefined && camera !== null && all !== null) {
      const [, fixed] = other;
      const factor = distance(at, fixed) / Math.max(1, distance(before, fixed));
      const closer = zoomed(camera, size, factor, fixed, all);
      setLooked(panned(closer, (at[0] - before[0]) / 2, (at[1] - before[1]) / 2));
    } else if (hand.kind === "hand") move(at[0] - before[0], at[1] - before[1]);
    setHand({ ...hand, line: [...hand.line, at] });
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const at = placeOf(event);
    fingers.current.delete(event.pointerId);
    if (hand === null || camera === null) return;
    setHand(null);
    const line = hand.line.map((each) => toMap(camera, size, each));
    const still = hand.line.every((each) => distance(each, hand.from) <= STILL);
    if (still) {
      const found = pointAt(at);
      if (found !== null && (event.ctrlKey || event.metaKey)) props.onToggle(found);
      else props.onPin(found);
    } else if (hand.kind === "lasso") props.onLasso(line);
    else if (hand.kind === "box") props.onBox(boxBetween(line[0], toMap(camera, size, at)));
  };
  const onCancel = (event: PointerEvent<HTMLDivElement>) => {
    fingers.current.delete(event.pointerId);
    setHand(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const step = event.shiftKey ? STEP * 4 : STEP;
    const middle: Point = [size.width / 2, size.height / 2];
    const central = () => pointAt(middle, Math.max(size.width, size.height));
    const runs: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => move(step, 0),
      ArrowRight: () => move(-step, 0),
      ArrowUp: () => move(0, step),
      ArrowDown: () => move(0, -step),
      Enter: () => props.onPin(central()),
      " ": () => {
        const index = pinned ?? central();
        if (index !== null) props.onToggle(index);
      },
    };
    const run = runs[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };

  const screen = (at: Point): Point => (camera === null ? [0, 0] : toScreen(camera, size, at));
  const placeOfPoint = (index: number): Point =>
    screen([places.places[index * 2] ?? 0, places.places[index * 2 + 1] ?? 0]);
  const drawnLine =
    hand === null || hand.kind === "hand"
      ? null
      : hand.kind === "lasso"
        ? hand.line
        : rectangle(hand.from, hand.line.at(-1) ?? hand.from);
  const shown = hovered ?? null;
  return (
    <div
      ref={box}
      role="application"
      aria-label={t("Map of the texts")}
      aria-describedby="explore-map-keys"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
      tabIndex={0}
      className={classes.stage}
      data-tool={tool}
      data-moving={hand?.kind === "hand"}
      data-points={places.rows.length}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onCancel}
      onPointerLeave={() => props.onHover(null)}
      onKeyDown={onKeyDown}
      onFocus={({ currentTarget }) => setFocused(currentTarget.matches(":focus-visible"))}
      onBlur={() => setFocused(false)}
    >
      <canvas ref={canvas} aria-hidden className={classes.canvas} />
      <svg className={classes.lines} aria-hidden="true">
        {outline !== null && (
          <polygon className={classes.region} points={written(outline.map(screen))} />
        )}
        {drawnLine !== null && <polygon className={classes.drawn} points={written(drawnLine)} />}
        {[pinned, hovered].map(
          (index, at) =>
            index !== null && (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: the pinned one, and the other
                key={at}
                className={at === 0 ? classes.pinned : classes.hovered}
                cx={placeOfPoint(index)[0]}
                cy={placeOfPoint(index)[1]}
                r={9}
              />
            ),
        )}
        {focused && (
          <path
            className={classes.cross}
            d={`M${size.width / 2 - 7},${size.height / 2}h14M${size.width / 2},${size.height / 2 - 7}v14`}
          />
        )}
      </svg>
      {shown !== null && hand === null && props.card !== null && (
        <div className={classes.card} style={cardPlace(placeOfPoint(shown), size)}>
          {props.card}
        </div>
      )}
      {trouble !== "none" && (
        <p className={classes.trouble} role="status">
          {trouble === "missing"
            ? t(
                "This browser cannot draw the map: it needs WebGL 2. The table shows the same texts.",
              )
            : t("The graphics card has let go of the map; it comes back by itself.")}
        </p>
      )}
    </div>
  );
}

function distance([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.hypot(x - otherX, y - otherY);
}

function boxBetween([x, y]: Point = [0, 0], [otherX, otherY]: Point): Box {
  return [Math.min(x, otherX), Math.min(y, otherY), Math.max(x, otherX), Math.max(y, otherY)];
}

function rectangle([x, y]: Point, [otherX, otherY]: Point): readonly Point[] {
  return [
    [x, y],
    [otherX, y],
    [otherX, otherY],
    [x, otherY],
  ];
}

function written(corners: readonly Point[]): string {
  return corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

const CARD = { width: 288, height: 150 };

/** Beside the point, on the side where there is room. */
function cardPlace([x, y]: Point, { width, height }: { width: number; height: number }) {
  const left = x + 16 + CARD.width <= width ? x + 16 : Math.max(8, x - 16 - CARD.width);
  const top = y + CARD.height <= height ? y + 12 : Math.max(8, y - 12 - CARD.height);
  return { left, top };
}
