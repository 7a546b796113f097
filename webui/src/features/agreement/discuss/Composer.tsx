import { Button, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./Discussion.module.css";
import { completed, type Mention, mentionAt, suggestedNames } from "./mentions";

interface Props {
  id?: string;
  label: string;
  send: string;
  first?: string;
  names: readonly string[];
  busy: boolean;
  /** Clears the field where it resolves. */
  onSend: (text: string) => Promise<unknown>;
  onCancel?: () => void;
}

/** A field for what one says; names of members are completed after an @. */
export function Composer({ id, label, send, first = "", names, busy, onSend, onCancel }: Props) {
  const [text, setText] = useState(first);
  const [mention, setMention] = useState<Mention | null>(null);
  const [at, setAt] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const found = mention === null ? [] : suggestedNames(names, mention);
  const look = (area: HTMLTextAreaElement) => {
    const next = mentionAt(area.value, area.selectionStart);
    if (next?.sought !== mention?.sought) setAt(0);
    setMention(next);
  };
  const complete = (name: string | undefined) => {
    if (mention === null || name === undefined) return;
    const { text: whole, caret } = completed(text, mention, name);
    setText(whole);
    setMention(null);
    // The caret can be set once the field has the text.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === "" || busy) return;
    onSend(text.trim()).then(
      () => setText(""),
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit(event);
    if (found.length === 0) {
      if (event.key !== "Escape") return;
      if (onCancel) onCancel();
      else event.currentTarget.blur();
      return;
    }
    if (event.key === "ArrowDown") setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((at + found.length - 1) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") complete(found[at]);
    else if (event.key === "Escape") setMention(null);
    else return;
    event.preventDefault();
  };
  return (
    <form className={classes.composer} onSubmit={submit}>
      <Textarea
        {...(id === undefined ? {} : { id })}
        ref={field}
        label={label}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        value={text}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? list : undefined}
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          look(event.currentTarget);
        }}
        onSelect={(event) => look(event.currentTarget)}
        onBlur={() => setMention(null)}
        onKeyDown={onKeyDown}
      />
      {found.length > 0 && (
        <div id={list} role="listbox" aria-label={t("Members")} className={classes.names}>
          {found.map((name, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
            <div
              key={name}
              id={`${list}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === at}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => complete(name)}
            >
              @{name}
            </div>
          ))}
        </div>
      )}
      <div className={classes.sending}>
        <Button
          type="submit"
          size="xs"
          variant="default"
          loading={busy}
          disabled={text.trim() === ""}
        >
          {send}
        </Button>
        {onCancel !== undefined && (
          <Button size="xs" variant="subtle" onClick={onCancel}>
            {t("Cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}
