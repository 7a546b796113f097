import { Button } from "@mantine/core";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "@/shared/words/translate";
import { type Box, placeOf } from "./place";
import classes from "./Tour.module.css";

export interface TourStep {
  readonly title: string;
  readonly text: string;
  /** The `data-tour` of what it points at; a step whose thing is not on the page is left out. */
  readonly target: string;
}

interface Props {
  steps: readonly TourStep[];
  /** Called when it was gone through or left. */
  onEnd: () => void;
}

const selector = (target: string) => `[data-tour="${CSS.escape(target)}"]`;

/** Notes that point at one thing after the other; the page stays as it is and can be used. */
export function Tour({ steps, onEnd }: Props) {
  const [there] = useState(() =>
    steps.filter(({ target }) => document.querySelector(selector(target)) !== null),
  );
  const [at, setAt] = useState(0);
  const step = there[at];
  const note = useRef<HTMLDivElement>(null);
  const id = useId();
  const box = useBox(step?.target ?? null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    if (box === null || note.current === null) return;
    const { offsetWidth: width, offsetHeight: height } = note.current;
    const view = { width: window.innerWidth, height: window.innerHeight };
    setPlace(placeOf(box, { width, height }, view));
  }, [box]);
  useReturn();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is read out anew
  useEffect(() => note.current?.focus({ preventScroll: true }), [at]);
  if (step === undefined) return null;
  const last = at === there.length - 1;
  const forth = () => (last ? onEnd() : setAt(at + 1));
  const back = () => setAt(Math.max(0, at - 1));
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") onEnd();
    else if (event.key === "ArrowRight") forth();
    else if (event.key === "ArrowLeft") back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      {box !== null && (
        <div
          aria-hidden="true"
          className={classes.ring}
          style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
        />
      )}
      <div
        ref={note}
        role="dialog"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        tabIndex={-1}
        className={classes.note}
        // Transparent until it has its place, and not hidden: what is hidden takes no focus.
        style={place ?? { left: 0, top: 0, opacity: 0 }}
        onKeyDown={onKeyDown}
      >
        <h2 id={`${id}-title`}>{step.title}</h2>
        <p id={`${id}-text`}>{step.text}</p>
        <div className={classes.end}>
          <span>{t("{{n}} of {{all}}", { n: at + 1, all: there.length })}</span>
          {!last && (
            <Button size="xs" variant="subtle" onClick={onEnd}>
              {t("Leave")}
            </Button>
          )}
          {at > 0 && (
            <Button size="xs" variant="default" onClick={back}>
              {t("Back")}
            </Button>
          )}
          <Button size="xs" onClick={forth}>
            {last ? t("Done") : t("Next step")}
          </Button>
        </div>
      </div>
    </>
  );
}

/** Where the thing is in the window, for as long as it is pointed at. */
function useBox(target: string | null): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  const measure = useCallback(() => {
    const thing = target === null ? null : document.querySelector(selector(target));
    if (thing === null) return;
    const { left, top, width, height } = thing.getBoundingClientRect();
    setBox((old) =>
      old !== null &&
      old.left === left &&
      old.top === top &&
      old.width === width &&
      old.height === height
        ? old
        : { left, top, width, height },
    );
  }, [target]);
  useLayoutEffect(() => {
    if (target === null) return;
    document
      .querySelector(selector(target))
      ?.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(document.body);
    window.addEventListener("scroll", measure, { capture: true, passive: true });
    window.addEventListener("resize", measure);
    return () => {
      sizes.disconnect();
      window.removeEventListener("scroll", measure, { capture: true });
      window.removeEventListener("resize", measure);
    };
  }, [target, measure]);
  return box;
}

/** Put the focus back where it was before. */
function useReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}
