import { Button, Textarea } from "@mantine/core";
import { type KeyboardEvent, useDeferredValue, useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { Markdown } from "@/shared/ui/Markdown";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import type { Place } from "../api";
import { ChangeFields } from "./ChangeFields";
import classes from "./Codebook.module.css";
import { CodebookVersions } from "./CodebookVersions";
import { Conflict } from "./Conflict";
import { UNCHANGED } from "./change";
import { LabelDescriptions } from "./LabelDescriptions";
import { LeaveDialog } from "./LeaveDialog";
import { useCodebook } from "./useCodebook";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  editable: boolean;
}

/** The id of the field in which the codebook is written. */
export const CODEBOOK = "codebook-source";

/** What counts as what, in Markdown: written on one side, read on the other. */
export function Codebook({ place, scheme, editable }: Props) {
  if (editable) return <Editor place={place} scheme={scheme} />;
  return (
    <>
      <Shown text={scheme.codebook} scheme={scheme} all />
      <CodebookVersions place={place} scheme={scheme} onRestore={null} />
    </>
  );
}

function Editor({ place, scheme }: Omit<Props, "editable">) {
  const book = useCodebook(place, scheme);
  const shown = useDeferredValue(book.text);
  const [change, setChange] = useState(UNCHANGED);
  const unsaved = book.standing !== "saved";
  const save = () => book.save(change);
  // What was said of one version is not said of the next.
  const [told, setTold] = useState(unsaved);
  if (told !== unsaved) {
    setTold(unsaved);
    setChange(UNCHANGED);
  }
  const restore = (text: string) => {
    book.write(text);
    document.getElementById(CODEBOOK)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (book.standing === "changed") save();
  };
  return (
    <>
      <form
        aria-label={t("Codebook")}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {book.standing === "conflict" && (
          <Conflict ours={book.text} theirs={scheme.codebook} onSettle={book.settle} />
        )}
        <div className={classes.sides}>
          <Textarea
            id={CODEBOOK}
            label={t("Markdown")}
            autosize
            minRows={12}
            maxRows={30}
            dir="auto"
            maxLength={1_000_000}
            placeholder={t(
              "What is a text about, and where does one label end and the next begin?",
            )}
            classNames={{ input: classes.source ?? "" }}
            value={book.text}
            onChange={(event) => book.write(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <section aria-label={t("As annotators read it")}>
            <h3>{t("As annotators read it")}</h3>
            <Shown text={shown} scheme={scheme} />
          </section>
        </div>
        {book.standing === "changed" && (
          <ChangeFields change={change} labels={scheme.labels} onChange={setChange} />
        )}
        {book.saving.error && <Notice error={book.saving.error} />}
        <div className={classes.end}>
          <span role="status">
            {unsaved
              ? t("Not saved yet; the draft is kept in this browser.")
              : t("Saved. Everybody sees this text.")}
          </span>
          <Button variant="default" disabled={!unsaved} onClick={book.discard}>
            {t("Discard the draft")}
          </Button>
          <Button
            type="submit"
            loading={book.saving.isPending}
            disabled={book.standing !== "changed"}
          >
            {t("Save the codebook")}
          </Button>
        </div>
        <LeaveDialog unsaved={unsaved} />
      </form>
      <CodebookVersions place={place} scheme={scheme} onRestore={restore} />
    </>
  );
}

interface ShownProps {
  text: string;
  scheme: SchemeInfo;
  all?: boolean;
}

function Shown({ text, scheme, all = false }: ShownProps) {
  return (
    <div className={classes.shown}>
      {text.trim() === "" ? (
        <p className={classes.empty}>{t("This scheme has no codebook yet.")}</p>
      ) : (
        <Markdown text={text} level={3} />
      )}
      <LabelDescriptions labels={scheme.labels} all={all} />
    </div>
  );
}
