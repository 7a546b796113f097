import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { type Camera, pointSize, type Size } from "./camera";
import { Drawing, NoWebGL, type Palette } from "./drawing";
import type { Places } from "./messages";

/** All that is drawn. */
export interface Drawn {
  readonly places: Places;
  readonly codes: Uint16Array | null;
  readonly sure: Uint8Array | null;
  readonly states: Uint8Array;
  readonly palette: Palette;
  readonly faint: readonly number[];
  readonly ring: readonly number[];
}

/** So long the map is taken to be moved still. */
const SETTLED = 160;

/** So long a frame may take while the map is moved, in milliseconds: thirty of them a second. */
const FRAME = 22;

/** So many points are drawn while the map is moved, however slow the machine. */
const LEAST_DRAWN = 20_000;

/** Device pixels for one of the page's beyond which nobody sees a difference. */
const MOST_PIXELS = 2;

export type Trouble = "none" | "lost" | "missing";

/**
 * Draw points on a canvas whenever something of them changes, once a frame. Where a machine cannot
 * draw all of them in time it draws some while the map is moved, and all once it stands still.
 */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  drawn: Drawn,
  camera: Camera | null,
  all: Camera | null,
  size: Size,
): Trouble {
  const drawing = useRef<Drawing | null>(null);
  const [trouble, setTrouble] = useState<Trouble>("none");
  const [generation, setGeneration] = useState(0);
  const frame = useRef(0);
  const settled = useRef(0);
  /** Milliseconds a point takes, as far as it was measured. */
  const cost = useRef(0);
  const moved = useRef<Camera | null>(null);

  const paint = useEffectEvent((whole: boolean) => {
    frame.current = 0;
    const on = drawing.current;
    if (on === null || camera === null || all === null || size.width === 0) return;
    const n = drawn.places.rows.length;
    const inTime = cost.current === 0 ? n : Math.max(LEAST_DRAWN, FRAME / cost.current);
    const count = whole ? n : Math.min(n, Math.round(inTime));
    const pixels = Math.min(MOST_PIXELS, window.devicePixelRatio || 1);
    const began = performance.now();
    on.draw(camera, size, pixels, pointSize(n, size, camera.scale / all.scale), count);
    if (whole && n > LEAST_DRAWN) {
      on.finish();
      cost.current = (performance.now() - began) / n;
    }
  });
  const schedule = useEffectEvent((moving: boolean) => {
    window.clearTimeout(settled.current);
    if (moving) settled.current = window.setTimeout(() => paint(true), SETTLED);
    window.cancelAnimationFrame(frame.current);
    frame.current = window.requestAnimationFrame(() => paint(!moving));
  });

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    try {
      drawing.current = new Drawing(element);
    } catch (error) {
      if (!(error instanceof NoWebGL)) throw error;
      setTrouble("missing");
      return;
    }
    setGeneration((before) => before + 1);
    const onLost = (event: Event) => {
      // Without this the browser never gives it back.
      event.preventDefault();
      setTrouble("lost");
    };
    const onRestored = () => {
      drawing.current?.start();
      setTrouble("none");
      setGeneration((before) => before + 1);
    };
    element.addEventListener("webglcontextlost", onLost);
    element.addEventListener("webglcontextrestored", onRestored);
    return () => {
      element.removeEventListener("webglcontextlost", onLost);
      element.removeEventListener("webglcontextrestored", onRestored);
      window.cancelAnimationFrame(frame.current);
      window.clearTimeout(settled.current);
      drawing.current = null;
    };
  }, [canvas]);

  const { places, codes, sure, states, palette, faint, ring } = drawn;
  // Each goes to the graphics card when it changes, and again when the card has lost it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => drawing.current?.setPlaces(places.places), [places, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    drawing.current?.setCodes(codes ?? new Uint16Array(places.rows.length));
    drawing.current?.setSure(codes === null ? null : sure);
  }, [codes, sure, places, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => drawing.current?.setStates(states), [states, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => drawing.current?.setPalette(palette), [palette, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => drawing.current?.setTones(faint, ring), [faint, ring, generation]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: all that is drawn
  useEffect(() => {
    const moving = moved.current !== null && moved.current !== camera;
    moved.current = camera;
    schedule(moving);
  }, [drawn, camera, size, generation, trouble]);
  return trouble;
}
