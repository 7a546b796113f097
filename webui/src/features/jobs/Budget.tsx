import { Button, Checkbox, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { EnergyBudget, EnergyStanding, ProjectInfo } from "@/api/schema";
import { energyQuery, projectQuery, setBudget } from "@/shared/project/api";
import { Notice } from "@/shared/ui/Notice";
import { wattHours } from "@/shared/words/energy";
import { percent, separators } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import classes from "./JobsPage.module.css";

/** What a project may use: how it stands, and, for managers, how to change it. */
export function Budget({ project }: { project: ProjectInfo }) {
  const report = useQuery(energyQuery(project.slug, "kind", null));
  const [changing, setChanging] = useState(false);
  const standing = report.data?.standing;
  return (
    <section className={classes.budget} aria-labelledby="budget">
      <div className={classes.budgetHead}>
        <h2 id="budget">{t("Budget")}</h2>
        {project.role === "manager" && !changing && (
          <Button size="compact-sm" variant="default" onClick={() => setChanging(true)}>
            {project.budget === null ? t("Set a budget") : t("Change it")}
          </Button>
        )}
      </div>
      {standing && <Standing standing={standing} />}
      {changing && <BudgetForm project={project} onDone={() => setChanging(false)} />}
    </section>
  );
}

function Standing({ standing }: { standing: EnergyStanding }) {
  const share = shareOf(standing);
  return (
    <>
      <p>{budgetSentence(standing)}</p>
      {share !== null && (
        <div
          // The sentence says the same.
          aria-hidden="true"
          className={classes.meter}
          data-full={share >= 1}
          style={{ "--share": Math.min(1, share) }}
        />
      )}
    </>
  );
}

/** Return the share of the budget that is used; null where there is no budget. */
function shareOf({ spent_wh, budget_wh }: EnergyStanding): number | null {
  return budget_wh == null ? null : spent_wh / budget_wh;
}

const NEARLY = 0.8;

/** Say how a project stands with its budget, and what happens beyond it. */
export function budgetSentence(standing: EnergyStanding): string {
  const share = shareOf(standing);
  if (share === null || standing.budget_wh == null) {
    return t("This project has no budget: its jobs may use what they need.");
  }
  const used = t("{{spent}} of {{budget}} are used, {{share}}.", {
    spent: wattHours(standing.spent_wh),
    budget: wattHours(standing.budget_wh),
    share: percent(share),
  });
  return `${used} ${beyond(share, standing.refuse === true)}`;
}

function beyond(share: number, refuse: boolean): string {
  if (refuse) {
    return share >= 1
      ? t("The budget is spent: new jobs are refused.")
      : t("Jobs that would go beyond it are refused.");
  }
  if (share >= 1) return t("The budget is spent; jobs still run, with a warning.");
  if (share >= NEARLY) return t("It is nearly spent; jobs beyond it run with a warning.");
  return t("Jobs beyond it run with a warning.");
}

function BudgetForm({ project, onDone }: { project: ProjectInfo; onDone: () => void }) {
  const client = useQueryClient();
  const { slug, budget } = project;
  const [wh, setWh] = useState<string | number>(budget?.wh ?? "");
  const [refuse, setRefuse] = useState(budget?.refuse ?? false);
  const saving = useMutation({
    mutationFn: (wish: EnergyBudget | null) => setBudget(slug, wish),
    onSuccess: async (changed) => {
      client.setQueryData(projectQuery(slug).queryKey, changed);
      await client.invalidateQueries({ queryKey: ["project", slug] });
      onDone();
    },
  });
  const amount = Number(wh);
  return (
    <form
      className={classes.budgetForm}
      aria-label={t("Budget")}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate({ wh: amount, refuse });
      }}
    >
      <NumberInput
        label={t("Watt-hours that its jobs may use")}
        value={wh}
        onChange={setWh}
        min={0}
        allowNegative={false}
        decimalScale={6}
        thousandSeparator={separators().thousandSeparator}
        hideControls
        data-autofocus
      />
      <Checkbox
        label={t("Refuse jobs beyond it")}
        description={t(
          "Otherwise they run, with a warning. Guides are never refused, so that annotators can go on.",
        )}
        checked={refuse}
        onChange={(event) => setRefuse(event.currentTarget.checked)}
      />
      {saving.error && <Notice error={saving.error} />}
      <div className={classes.buttons}>
        {budget !== null && (
          <Button variant="default" onClick={() => saving.mutate(null)}>
            {t("Remove the budget")}
          </Button>
        )}
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.isPending} disabled={!(amount > 0)}>
          {t("Save")}
        </Button>
      </div>
    </form>
  );
}
