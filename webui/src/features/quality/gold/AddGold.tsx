import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { type Place, textsQuery } from "../api";
import classes from "../Quality.module.css";
import { GoldForm } from "./GoldForm";
import { emptyGold } from "./goldDraft";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  onClose: () => void;
}

interface Chosen {
  readonly id: string;
  /** Null where it was named by its id and has not been seen. */
  readonly text: string | null;
}

/** A text is found by its words or named by its id; then it is said what is right. */
export function AddGold({ place, scheme, onClose }: Props) {
  const [words, setWords] = useState("");
  const [sought] = useDebouncedValue(words.trim(), 300);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const found = useQuery(textsQuery(place, sought));
  if (chosen !== null) {
    return (
      <GoldForm
        place={place}
        scheme={scheme}
        start={emptyGold(chosen.id)}
        text={chosen.text ?? t("The text {{id}}", { id: chosen.id })}
        onClose={onClose}
      />
    );
  }
  return (
    <section className={classes.form} aria-label={t("Add a gold text")}>
      <TextInput
        label={t("Which text")}
        description={t("Its id, or words in it")}
        dir="auto"
        autoFocus
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {found.error && <Notice error={found.error} />}
      {sought !== "" && (
        <ul className={classes.found} aria-label={t("Texts found")}>
          {(found.data ?? []).map(({ id, text }) => (
            <li key={id}>
              <button type="button" onClick={() => setChosen({ id, text })}>
                <span className={classes.text} dir="auto">
                  {text}
                </span>
                <span className={classes.facts}>{id}</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" onClick={() => setChosen({ id: sought, text: null })}>
              {t("The text with the id “{{id}}”", { id: sought })}
            </button>
          </li>
        </ul>
      )}
      {sought !== "" && found.data?.length === 0 && <p>{t("No text has these words.")}</p>}
      <div className={classes.end}>
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
      </div>
    </section>
  );
}
