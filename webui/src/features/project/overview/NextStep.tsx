import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProjectState } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { nextStep, type Step } from "./nextStep";
import classes from "./Overview.module.css";
import { stepWords } from "./words";

/** What is advisable next, with the way there. */
export function NextStep({ state }: { state: ProjectState }) {
  const step = nextStep(state);
  if (step === null) return null;
  const { why, button } = stepWords(step.kind, step.scheme ?? "");
  return (
    <section className={classes.next} aria-labelledby="next-step">
      <div>
        <h2 id="next-step">{t("What is next")}</h2>
        <p>{why}</p>
      </div>
      <Way step={step} slug={state.project.slug}>
        {button}
      </Way>
    </section>
  );
}

function Way({ step, slug, children }: { step: Step; slug: string; children: ReactNode }) {
  const { kind, scheme } = step;
  if (scheme === null) {
    // The form stands below already.
    return (
      <Button onClick={() => document.querySelector<HTMLElement>("form input")?.focus()}>
        {children}
      </Button>
    );
  }
  const params = { slug, scheme };
  return (
    <Button
      renderRoot={(props) => {
        switch (kind) {
          case "codebook":
            return <Link {...props} to="/projects/$slug/schemes/$scheme" params={params} />;
          case "guide":
            return <Link {...props} to="/projects/$slug/learning/$scheme" params={params} />;
          case "stopping":
            return (
              <Link {...props} to="/projects/$slug/learning/$scheme/stopping" params={params} />
            );
          case "feature":
          case "model":
            return <Link {...props} to="/projects/$slug/models" params={{ slug }} />;
          case "export":
            return <Link {...props} to="/projects/$slug/settings" params={{ slug }} />;
          default:
            return <Link {...props} to="/projects/$slug/annotate/$scheme" params={params} />;
        }
      }}
    >
      {children}
    </Button>
  );
}
