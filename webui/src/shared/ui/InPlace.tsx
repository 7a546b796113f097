import { Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import classes from "./InPlace.module.css";

interface Props {
  /** What is written here, for those who do not see where it stands. */
  label: string;
  value: string;
  placeholder?: string;
  multiline?: boolean;
  maxLength?: number;
  /** Whether it may be left empty. */
  optional?: boolean;
  error?: string | null;
  onSave: (value: string) => void;
}

/** A text that is changed where it stands: Enter or leaving it saves, Escape takes it back. */
export function InPlace({ label, value, optional = false, multiline = false, ...rest }: Props) {
  const { placeholder, maxLength, error, onSave } = rest;
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    if (draft === null) return;
    const text = draft.trim();
    setDraft(null);
    if (text !== value && (optional || text !== "")) onSave(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };
  const common = {
    "aria-label": label,
    value: draft ?? value,
    dir: "auto",
    onBlur: save,
    onKeyDown,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(error == null ? {} : { error }),
  };
  return multiline ? (
    <Textarea
      {...common}
      autosize
      minRows={1}
      maxRows={8}
      classNames={{ input: classes.input ?? "", root: classes.root ?? "" }}
      onChange={(event) => setDraft(event.currentTarget.value)}
    />
  ) : (
    <TextInput
      {...common}
      classNames={{ input: classes.input ?? "", root: classes.root ?? "" }}
      onChange={(event) => setDraft(event.currentTarget.value)}
    />
  );
}
