import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { GoldText, SchemeInfo } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import { goldQuery, type Place, removeGold } from "../api";
import classes from "../Quality.module.css";
import { GoldForm } from "./GoldForm";
import { goldDraft } from "./goldDraft";
import { answeredWords } from "./words";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  gold: GoldText;
  /** How many people have answered the text that most did. */
  most: number;
  onRemoved: () => void;
}

/** A gold text: what is right, and how many said so. */
export function GoldLine({ place, scheme, gold, most, onRemoved }: Props) {
  const { id, text, right, attention, note, answered, correct } = gold;
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const removing = useMutation({
    mutationFn: () => removeGold(place, id),
    onSuccess: async () => {
      onRemoved();
      await client.invalidateQueries(goldQuery(place));
    },
  });
  return (
    <li>
      <div className={classes.line}>
        <div className={classes.what}>
          <p className={classes.text} dir="auto">
            {text}
          </p>
          <p className={classes.facts}>
            <span>{id}</span>
            <span dir="auto">
              {right == null
                ? t("its decision was taken back: say what is right")
                : t("right: {{value}}", { value: said(right, text) })}
            </span>
            {attention && <span>{t("attention check")}</span>}
          </p>
          {note !== "" && (
            <p className={classes.facts} dir="auto">
              {note}
            </p>
          )}
        </div>
        <div className={classes.how}>
          <span
            className={classes.bar}
            style={{
              "--answered": most === 0 ? 0 : answered / most,
              "--correct": answered === 0 ? 0 : correct / answered,
            }}
            aria-hidden="true"
          />
          <span>{answeredWords(gold)}</span>
        </div>
        <div className={classes.ways}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("Change the gold text {{id}}", { id })}
            aria-expanded={changing}
            onClick={() => setChanging(!changing)}
          >
            {t("Change")}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t("Remove the gold text {{id}}", { id })}
            loading={removing.isPending}
            onClick={() => removing.mutate()}
          >
            {t("Remove")}
          </Button>
        </div>
      </div>
      {removing.error && <Notice error={removing.error} />}
      {changing && (
        <GoldForm
          place={place}
          scheme={scheme}
          start={goldDraft(gold)}
          text={null}
          onClose={() => setChanging(false)}
        />
      )}
    </li>
  );
}
