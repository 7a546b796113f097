import classes from "./ActionButton.module.css";
import { type Action, shownKey } from "./action";
import { keysOf, useOwnKeys } from "./ownKeys";

interface Props {
  action: Action;
  /** For the one that completes the work. */
  main?: boolean;
  /** Whether what the action opens is open. */
  expanded?: boolean;
}

/** An action as a quiet button, its name and its key. */
export function ActionButton({ action, main = false, expanded }: Props) {
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
      {...(expanded === undefined ? {} : { "aria-expanded": expanded })}
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
