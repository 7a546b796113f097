import { shownKey } from "../action";
import { paletteAction, usePaletteOpened } from "./opened";
import classes from "./Palette.module.css";

/** The palette's button, for those who do not know its key yet or have none. */
export function PaletteButton() {
  const opened = usePaletteOpened();
  return (
    <button
      type="button"
      className={classes.opener}
      data-tour="palette"
      aria-haspopup="dialog"
      aria-expanded={opened}
      aria-keyshortcuts="Control+K"
      onClick={paletteAction.run}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <span className={classes.unseen}>{paletteAction.title}</span>
      <kbd>{shownKey("ctrl+k")}</kbd>
    </button>
  );
}
