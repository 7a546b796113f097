import { Button } from "@mantine/core";
import type { ComponentInfo, GuideInfo } from "@/api/schema";
import { shownIn } from "@/shared/form/draft";
import { fieldsOf, type Json } from "@/shared/form/schema";
import { titleOf } from "@/shared/jobs/words";
import { choiceTitle } from "@/shared/strategies/strategyDraft";
import { t } from "@/shared/words/translate";
import classes from "./Guide.module.css";
import { refreshWords } from "./words";

interface Props {
  guide: GuideInfo;
  components: readonly ComponentInfo[];
  /** Null where the reader may not change it. */
  onChange: (() => void) | null;
}

/** How the guide works, as it was set. */
export function GuideSettings({ guide, components, onChange }: Props) {
  const strategies = components.filter(({ kind }) => kind === "strategy");
  const strategy = strategies.find(({ name }) => name === guide.strategy);
  const title = (name: string, params: { readonly [name: string]: unknown }) =>
    choiceTitle({ name, params }, strategies);
  const cold = guide.cold_labels;
  return (
    <section className={classes.card} aria-labelledby="settings">
      <div className={classes.top}>
        <h2 id="settings">{t("How it works")}</h2>
        {onChange !== null && (
          <Button variant="default" onClick={onChange}>
            {t("Change")}
          </Button>
        )}
      </div>
      <dl className={classes.settings}>
        <Setting
          name={t("Next text")}
          value={title(guide.strategy, guide.strategy_params)}
          note={strategy?.summary ?? ""}
        />
        <Setting
          name={t("Model")}
          value={titleOf("model", guide.model, { components })}
          note={changed(
            components.find(({ kind, name }) => kind === "model" && name === guide.model),
            guide.params,
          )}
        />
        <Setting name={t("Reads")} value={guide.features.join(", ")} />
        <Setting name={t("Learns")} value={refreshWords(guide)} />
        <Setting
          name={t("Cold start")}
          value={
            cold === 0
              ? t("no cold start")
              : t("{{strategy}}, until each label has {{count}} texts", {
                  strategy: title(guide.cold_start, guide.cold_start_params),
                  count: cold,
                })
          }
        />
        <Setting
          name={t("Near copies")}
          value={guide.varied ? t("pushed back") : t("as they come")}
        />
        {guide.ensemble > 0 && (
          <Setting
            name={t("Ensemble")}
            value={t("{{count}} members, each on a resample of the labels", {
              count: guide.ensemble,
            })}
          />
        )}
      </dl>
    </section>
  );
}

/** Tell the params that are not as they would be by themselves. */
function changed(
  component: ComponentInfo | undefined,
  params: { readonly [name: string]: unknown },
): string {
  return fieldsOf(component?.schema)
    .filter(({ name, initial }) => {
      const value = params[name];
      return value !== undefined && JSON.stringify(value) !== JSON.stringify(initial);
    })
    .map((field) =>
      t("{{name}}: {{value}}", {
        name: field.title,
        value: shownIn(field, params[field.name] as Json),
      }),
    )
    .join(", ");
}

function Setting({ name, value, note = "" }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">
        {value}
        {note !== "" && <small>{note}</small>}
      </dd>
    </div>
  );
}
