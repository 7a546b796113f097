import { useQuery } from "@tanstack/react-query";
import type { Disagreement, LabelInfo } from "@/api/schema";
import { ActionButton } from "@/shared/actions/ActionButton";
import type { Action } from "@/shared/actions/action";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { componentsQuery } from "../api";
import classes from "./SuggestionLine.module.css";
import { ValueParts } from "./ValueParts";

interface Props {
  suggestion: NonNullable<Disagreement["suggestion"]>;
  text: string;
  labels: readonly LabelInfo[];
  accept: Action | null;
}

/** What a way to a consensus makes of the votes, how sure it is, and the key that takes it. */
export function SuggestionLine({ suggestion, text, labels, accept }: Props) {
  const ways = useQuery(componentsQuery("consensus")).data ?? [];
  const { consensus, value, confidence, tied, probabilities } = suggestion;
  const title = ways.find(({ name }) => name === consensus)?.title ?? consensus;
  const shares = Object.entries(probabilities)
    .filter(([, share]) => share > 0)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST);
  return (
    <section className={classes.line} aria-label={t("Suggestion")}>
      <div>
        <p>
          <span className={classes.way}>{title}</span>{" "}
          {tied || value === null ? (
            t("is undecided: the votes are tied.")
          ) : (
            <>
              <ValueParts value={value} text={text} labels={labels} />{" "}
              {t("confidence {{share}}", { share: percent(confidence) })}
            </>
          )}
        </p>
        {shares.length > 1 && (
          <p className={classes.shares}>
            {shares.map(([label, share]) => `${label} ${percent(share)}`).join(" · ")}
          </p>
        )}
      </div>
      {accept !== null && <ActionButton action={accept} />}
    </section>
  );
}

const MOST = 5;
