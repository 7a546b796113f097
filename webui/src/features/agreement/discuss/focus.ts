/** Where something new about the text is written. */
export const WRITE_HERE = "discuss-this-text";

/** Go where the discussion is gone on with. */
export function focusDiscussion(): void {
  document.getElementById(WRITE_HERE)?.focus();
}
