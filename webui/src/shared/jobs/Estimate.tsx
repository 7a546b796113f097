import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { JobEstimate, NewEstimate } from "@/api/schema";
import { expectation } from "@/shared/words/energy";
import { t, told } from "@/shared/words/translate";
import { estimateQuery } from "./api";
import classes from "./Estimate.module.css";

/** Somebody who types need not be told of every letter. */
const PAUSE = 400;

/** Ask what a job would take; null where it is not yet known which. */
export function useEstimate(slug: string, job: NewEstimate | null): JobEstimate | null {
  const [settled] = useDebouncedValue(JSON.stringify(job), PAUSE);
  const asked = JSON.parse(settled) as NewEstimate | null;
  const answer = useQuery({
    ...estimateQuery(slug, asked ?? { kind: "feature" }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    // What is wrong with the params stands at their fields once they are sent.
    retry: false,
  });
  return job === null || answer.error !== null ? null : (answer.data ?? null);
}

/** What a job would take, before anybody starts it. */
export function Estimate({ estimate }: { estimate: JobEstimate | null }) {
  if (estimate === null) return <p className={classes.estimate}>&nbsp;</p>;
  const { expected, gpu_mb, refusal, warning } = estimate;
  return (
    <div className={classes.estimate} role="status">
      <p>
        {expectation(expected)}
        {gpu_mb !== null && ` ${t("Takes about {{n}} MB of a graphics card.", { n: gpu_mb })}`}
      </p>
      {warning !== "" && refusal === null && <p className={classes.warning}>{told(warning)}</p>}
      {refusal !== null && (
        <p className={classes.refusal}>
          {t("It would not be accepted: {{why}}", { why: told(refusal) })}
        </p>
      )}
    </div>
  );
}
