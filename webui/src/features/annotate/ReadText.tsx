import { t } from "@/shared/words/translate";
import classes from "./ReadText.module.css";
import type { ReadingEnd } from "./reading";

interface Props {
  text: string;
  end: ReadingEnd | null;
}

/** A text with a mark where a model ceases to read it; what it does not read is a shade softer. */
export function ReadText({ text, end }: Props) {
  if (end === null) return text;
  const said = t("{{who}} reads about this far ({{tokens}} tokens)", {
    who: end.who,
    tokens: end.tokens,
  });
  return (
    <>
      {text.slice(0, end.at)}
      {/* Its words are no part of the text: places in it are counted by what stands in the elements. */}
      <span className={classes.end} role="note" aria-label={said} data-said={said} />
      <span className={classes.beyond}>{text.slice(end.at)}</span>
    </>
  );
}
