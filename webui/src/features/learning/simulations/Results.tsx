import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { GuideInfo, NewGuide, ProjectState, SimulationReport } from "@/api/schema";
import { notify } from "@/shared/notices/notices";
import { Notice } from "@/shared/ui/Notice";
import { roughly } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { putGuide, removeGuide } from "../api";
import { asNewGuide } from "../guide/guideDraft";
import { scoreWords } from "./conclusion";
import classes from "./Simulations.module.css";
import type { Drawn } from "./series";

interface Props {
  state: ProjectState;
  report: SimulationReport;
  strategies: readonly Drawn[];
  manager: boolean;
}

/** How good each strategy was and what it took, and a way to let the guide work so. */
export function Results({ state, report, strategies, manager }: Props) {
  const { project, schemes } = state;
  const scheme = schemes.find(({ name }) => name === report.scheme);
  const guide = scheme?.guide ?? null;
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ["project", project.slug] });
  const using = useMutation({
    mutationFn: ({ result }: Drawn) =>
      putGuide(project.slug, report.scheme, withStrategy(guide, report, result)),
    onSuccess: async (_, { title }) => {
      const back = async () => {
        if (guide === null) await removeGuide(project.slug, report.scheme);
        else await putGuide(project.slug, report.scheme, asNewGuide(guide));
        await again();
      };
      notify({
        id: `guide ${project.slug}/${report.scheme}`,
        tone: "good",
        title: t("The guide of {{scheme}} now picks texts by “{{strategy}}”", {
          scheme: report.scheme,
          strategy: title,
        }),
        text: t("It learns anew from what is annotated."),
        action: { title: t("Take that back"), run: () => void back() },
      });
      await again();
    },
  });
  return (
    <section className={classes.card} aria-labelledby="results">
      <h3 id="results">{t("Scores and time")}</h3>
      {using.error && <Notice error={using.error} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className={classes.scrolled} aria-label={t("Scores and time")} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t("Strategy")}</th>
              <th scope="col">{t("Along the way")}</th>
              <th scope="col">{t("At the end")}</th>
              <th scope="col">{t("Time to order")}</th>
              {manager && scheme !== undefined && <th scope="col">{t("For the guide")}</th>}
            </tr>
          </thead>
          <tbody>
            {strategies.map((each) => {
              const { key, title, result } = each;
              const current = isCurrent(guide, result);
              return (
                <tr key={key}>
                  <th scope="row">{title}</th>
                  <td>{scoreWords(result.area)}</td>
                  <td>{scoreWords(result.final)}</td>
                  <td>{roughly(result.order_ms)} ms</td>
                  {manager && scheme !== undefined && (
                    <td>
                      {current ? (
                        <span className={classes.soft}>{t("in use")}</span>
                      ) : (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t("Use it for the guide: {{title}}", { title })}
                          loading={using.isPending && using.variables?.key === key}
                          onClick={() => using.mutate(each)}
                        >
                          {t("Use it")}
                        </Button>
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}

type Tried = Pick<Drawn["result"], "name" | "params">;

/** Return the guide that there is, or one like the simulation's, with a strategy of it. */
export function withStrategy(
  guide: GuideInfo | null,
  { features, model, params }: Pick<SimulationReport, "features" | "model" | "params">,
  { name, params: own }: Tried,
): NewGuide {
  const change = { strategy: name, strategy_params: own };
  return guide === null ? { features, model, params, ...change } : asNewGuide(guide, change);
}

/** Whether the guide works so already. Both tell all params, in the order of the schema. */
export function isCurrent(guide: GuideInfo | null, { name, params }: Tried): boolean {
  if (guide?.strategy !== name) return false;
  return JSON.stringify(guide.strategy_params) === JSON.stringify(params);
}
