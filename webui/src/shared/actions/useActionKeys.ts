import { useEffect, useEffectEvent, useRef } from "react";
import { type Action, actionFor, combinedKeyOf, keyOf } from "./action";
import { useOwnKeys } from "./ownKeys";
import { present } from "./present";

const TYPING =
  "input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable='true'], [role='dialog'], [role='listbox']";
const PRESSABLE = "button, a, input, [role='button'], [role='menuitem']";

/** Run actions by key, wherever the focus is, except where the key means something already. */
export function useActionKeys(actions: readonly Action[]): void {
  // Labels take the keys that are left, so whoever made the actions makes them anew.
  useOwnKeys();
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    // AltGr types signs on many keyboards ([ on a French one); systems tell it as Ctrl and Alt.
    const sign = event.getModifierState("AltGraph");
    const combined = sign ? null : combinedKeyOf(event);
    if (!sign && combined === null && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const key = combined ?? (sign ? event.key.toLowerCase() : keyOf(event));
    // With Ctrl nothing is typed: such a key holds within a field as well.
    if (combined === null && isSpokenFor(event.target, key)) return;
    const action = actionFor(actions, key);
    if (action === undefined) return;
    event.preventDefault();
    // A key held down must not code one text after the other.
    if (!event.repeat && !action.disabled) action.run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => present(() => latest.current), []);
}

function isSpokenFor(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING) !== null) return true;
  // Whoever walks the page by Tab presses the focused button by Space or Enter.
  return (key === "space" || key === "enter") && target.closest(PRESSABLE) !== null;
}
