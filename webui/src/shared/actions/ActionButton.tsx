import classes from "./ActionButton.module.css";
import { type Action, shownKey } from "./action";
import { keysOf, useOwnKeys } from "./ownKeys";

/** An action as a quiet button, its name and its key; `main` for the one that completes the work. */
export function ActionButton({ action, main = false }: { action: Action; main?: boolean }) {
  const key = keysOf(action, useOwnKeys())[0];
  return (
    <button
      type="button"
      className={classes.button}
      data-main={main}
      disabled={action.disabled}
      onMouseDown={keepFocus}
      onClick={action.run}
      {...(key === undefined ? {} : { "aria-keyshortcuts": key })}
    >
      {key !== undefined && <kbd className={classes.key}>{shownKey(key)}</kbd>}
      <span>{action.title}</span>
    </button>
  );
}

/** Leave the focus where it was on a mouse press, so that Space keeps its meaning. */
export function keepFocus(event: React.MouseEvent): void {
  event.preventDefault();
}
