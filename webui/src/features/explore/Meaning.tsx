import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { FeatureInfo } from "@/api/schema";
import { Choice } from "@/shared/filter/Choice";
import { t } from "@/shared/words/translate";
import classes from "./Explore.module.css";
import { readLeast, type Sought, soughtFor } from "./similar";

interface Props {
  slug: string;
  features: readonly FeatureInfo[];
  /** Whether the reader may compute a feature. */
  may: boolean;
  sought: Sought | undefined;
  onChange: (sought: Sought | undefined) => void;
}

/** The id of the field for what texts are to be like, which a key goes to. */
export const MEANING_FIELD = "explore-meaning";

/** What texts are to be like: by what they mean, where the field beside it looks for what is written. */
export function Meaning({ slug, features, may, sought, onChange }: Props) {
  const usable = features.filter(({ comparable }) => comparable);
  const text = sought?.text ?? "";
  const [written, setWritten] = useState(text);
  useEffect(() => setWritten(text), [text]);
  if (usable.length === 0) return <Lacking slug={slug} may={may} />;
  const look = (what: string) => onChange(soughtFor({ text: what }, sought ?? {}) ?? undefined);
  return (
    <>
      <form
        className={classes.field}
        onSubmit={(event) => {
          event.preventDefault();
          // Where a text is looked for, nothing written takes nothing away.
          if (written.trim() !== "" || sought?.id === undefined) look(written.trim());
        }}
      >
        <label htmlFor={MEANING_FIELD}>{t("Meaning")}</label>
        <input
          id={MEANING_FIELD}
          type="search"
          dir="auto"
          maxLength={10_000}
          placeholder={t("A sentence, then Enter")}
          title={t("The texts come in the order of how alike they are to it")}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
          onBlur={() => written.trim() === "" && text !== "" && onChange(undefined)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </form>
      {sought?.id !== undefined && (
        <p className={classes.sought}>
          <span dir="auto">{t("like the text {{id}}", { id: sought.id })}</span>
          <button
            type="button"
            aria-label={t("Remove: {{condition}}", {
              condition: t("like the text {{id}}", { id: sought.id }),
            })}
            onClick={() => onChange(undefined)}
          >
            ×
          </button>
        </p>
      )}
      {sought !== undefined && (
        <>
          <Least sought={sought} onChange={onChange} />
          {usable.length > 1 && (
            <Choice
              name={t("Compared by")}
              value={named(sought.feature, usable)}
              onChange={(feature) => {
                const { feature: _, ...rest } = sought;
                onChange(feature === "" ? rest : { ...rest, feature });
              }}
            >
              <option value="">{t("the guide's or the newest")}</option>
              {usable.map(({ id, name }) => (
                <option key={id} value={name}>
                  {name}
                </option>
              ))}
            </Choice>
          )}
        </>
      )}
    </>
  );
}

function named(feature: string | undefined, usable: readonly FeatureInfo[]): string {
  return usable.find(({ id, name }) => feature === id || feature === name)?.name ?? "";
}

/** What is needed before texts can be found by what they mean. */
function Lacking({ slug, may }: { slug: string; may: boolean }) {
  return (
    <p className={classes.lacking}>
      {t(
        "To find texts by their meaning, the project needs a feature such as sentence embeddings.",
      )}{" "}
      {may ? (
        <Link to="/projects/$slug/models" params={{ slug }}>
          {t("Compute one")}
        </Link>
      ) : (
        t("A contributor or manager of the project can compute one.")
      )}
    </p>
  );
}

interface LeastProps {
  sought: Sought;
  onChange: (sought: Sought) => void;
}

/** How alike texts are to be at least: what is less is left out. */
function Least({ sought, onChange }: LeastProps) {
  const { least, ...rest } = sought;
  const now = least === undefined ? "" : String(least);
  const [written, setWritten] = useState(now);
  const [wrong, setWrong] = useState(false);
  useEffect(() => setWritten(now), [now]);
  const error = useId();
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const read = readLeast(written);
    setWrong(read === null);
    if (read === null || read === least) return;
    onChange(read === undefined ? rest : { ...rest, least: read });
  };
  return (
    <form className={classes.field} onSubmit={submit}>
      <label htmlFor={`${error}-least`}>{t("Similarity at least")}</label>
      <input
        id={`${error}-least`}
        type="text"
        inputMode="decimal"
        size={6}
        aria-invalid={wrong}
        aria-describedby={wrong ? error : undefined}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        onBlur={() => submit()}
      />
      {wrong && (
        <span id={error} role="alert" className={classes.wrong}>
          {t("Write a number from −1 to 1.")}
        </span>
      )}
    </form>
  );
}
