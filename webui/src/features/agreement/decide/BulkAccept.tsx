import { Button, NumberInput, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Notice } from "@/shared/ui/Notice";
import { t } from "@/shared/words/translate";
import { acceptSuggestions, componentsQuery, FIRST_CONSENSUS, type Place, takeBack } from "../api";
import classes from "./BulkAccept.module.css";

interface Props {
  place: Place;
  consensus: string | undefined;
  onClose: () => void;
}

/** Let certain suggestions decide many texts: first it is said how many, then it is done. */
export function BulkAccept({ place, consensus, onClose }: Props) {
  const client = useQueryClient();
  const ways = useQuery(componentsQuery("consensus")).data ?? [];
  const [by, setBy] = useState(consensus ?? FIRST_CONSENSUS);
  const [certain, setCertain] = useState<string | number>(90);
  const share = Math.min(1, Math.max(0, Number(certain) / 100));
  const refresh = () => client.invalidateQueries({ queryKey: ["project", place.slug] });
  const counting = useMutation({ mutationFn: () => acceptSuggestions(place, by, share, null) });
  const accepting = useMutation({
    mutationFn: (expected: number) => acceptSuggestions(place, by, share, expected),
    onSuccess: refresh,
  });
  const undoing = useMutation({
    mutationFn: (act: string) => takeBack(place, { act }),
    onSuccess: refresh,
  });
  const forget = () => {
    for (const each of [counting, accepting, undoing]) each.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    forget();
    counting.mutate();
  };
  const count = counting.data?.count;
  const act = accepting.data?.act ?? null;
  const error = undoing.error ?? accepting.error ?? counting.error;
  return (
    <form className={classes.form} aria-label={t("Accept suggestions")} onSubmit={submit}>
      <h2>{t("Accept suggestions")}</h2>
      <p>
        {t(
          "Of all that is not decided in this scheme, whatever is filtered here. First you see how many texts it would be; all of it can be taken back together.",
        )}
      </p>
      <div className={classes.fields}>
        <Select
          label={t("Suggested by")}
          allowDeselect={false}
          data={
            ways.length === 0
              ? [by]
              : ways.map(({ name, title }) => ({ value: name, label: title }))
          }
          value={by}
          onChange={(value) => {
            setBy(value ?? FIRST_CONSENSUS);
            forget();
          }}
        />
        <NumberInput
          label={t("Confidence of at least, in %")}
          min={0}
          max={100}
          decimalScale={1}
          value={certain}
          onChange={(value) => {
            setCertain(value);
            forget();
          }}
        />
        <Button type="submit" variant="default" loading={counting.isPending}>
          {t("Count them")}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t("Close")}
        </Button>
      </div>
      {error && <Notice error={error} />}
      <div role="status" className={classes.result}>
        {count !== undefined && accepting.data === undefined && (
          <>
            <p>
              {count === 0
                ? t("No suggestion is that certain: ask for less, or by another way.")
                : t("{{count}} texts have such a suggestion.", { count })}
            </p>
            {count > 0 && (
              <Button loading={accepting.isPending} onClick={() => accepting.mutate(count)}>
                {t("Decide {{count}} texts so", { count })}
              </Button>
            )}
          </>
        )}
        {accepting.data !== undefined && undoing.data === undefined && (
          <>
            <p>{t("{{count}} texts are decided.", { count: accepting.data.count })}</p>
            {act !== null && (
              <Button
                variant="default"
                loading={undoing.isPending}
                onClick={() => undoing.mutate(act)}
              >
                {t("Take all of it back")}
              </Button>
            )}
          </>
        )}
        {undoing.data !== undefined && (
          <p>{t("{{count}} decisions were taken back.", { count: undoing.data.seq.length })}</p>
        )}
      </div>
    </form>
  );
}
