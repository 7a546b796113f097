import { useQuery } from "@tanstack/react-query";
import { toProblem } from "@/api/problem";
import { ActionButton } from "@/shared/actions/ActionButton";
import { Chips } from "@/shared/filter/Chips";
import { chipsOf } from "@/shared/filter/chips";
import type { SampleKind } from "@/shared/filter/filter";
import { withSample } from "@/shared/filter/filter";
import { SAMPLE_NAMES } from "@/shared/filter/words";
import { useSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import { matchingQuery } from "../api";
import { type Question, SAMPLES, sampleOf, USUAL } from "../question";
import type { Opened, StripActions } from "./actions";
import { Quick } from "./Quick";
import classes from "./Strip.module.css";

interface Props {
  slug: string;
  scheme: string;
  guided: boolean;
  question: Question;
  actions: StripActions;
  opened: Opened | null;
  onChange: (question: Question) => void;
}

/** Which texts come: a sample, and beside it what they are filtered by. */
export function Texts({ slug, scheme, guided, question, actions, opened, onChange }: Props) {
  const sample = sampleOf(question);
  const chips = chipsOf(question);
  const samples = Object.entries(SAMPLES).filter(
    ([kind]) => guided || kind !== "prediction_differs" || sample === kind,
  );
  return (
    <>
      <Quick
        name={t("Texts")}
        value={sample}
        onChange={(kind) => onChange(withSample(question, kind as SampleKind, USUAL))}
      >
        {samples.map(([kind, title]) => (
          <option key={kind} value={kind}>
            {title}
          </option>
        ))}
        {!(sample in SAMPLES) && <option value={sample}>{SAMPLE_NAMES[sample]}</option>}
      </Quick>
      <Chips chips={chips} onChange={onChange} />
      {chips.length > 0 && <Matching slug={slug} scheme={scheme} question={question} />}
      <ActionButton action={actions.condition} expanded={opened === "condition"} />
      {chips.length > 1 && <ActionButton action={actions.clear} />}
    </>
  );
}

/** How many texts these are, or that the filter has a fault. */
function Matching({ slug, scheme, question }: Pick<Props, "slug" | "scheme" | "question">) {
  const username = useSession()?.username ?? "";
  const found = useQuery(matchingQuery(slug, scheme, question, username));
  // Why stands where the text would.
  const faulty = found.error !== null && !toProblem(found.error).passing;
  return (
    <span role="status" className={classes.count} data-faulty={faulty}>
      {faulty && t("cannot be used")}
      {found.data !== undefined && t("{{count}} texts", { count: found.data })}
    </span>
  );
}
