import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ComponentInfo, GuideInfo, SchemeInfo } from "@/api/schema";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { strategyTitle } from "@/shared/artefacts/strategies";
import { useServerNow } from "@/shared/clock";
import { notify } from "@/shared/notices/notices";
import { choiceTitle } from "@/shared/strategies/strategyDraft";
import { Notice } from "@/shared/ui/Notice";
import { ago, moment } from "@/shared/words/time";
import { t, told } from "@/shared/words/translate";
import { putGuide, refreshGuide, removeGuide } from "../api";
import { ColdStart } from "./ColdStart";
import classes from "./Guide.module.css";
import { asNewGuide } from "./guideDraft";
import { agreementSentence, coldSentence, STATES } from "./words";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  guide: GuideInfo;
  strategies: readonly ComponentInfo[];
  manager: boolean;
}

/** How good the guide is and how up to date, with what can be done about it. */
export function GuideCard({ slug, scheme, guide, strategies, manager }: Props) {
  const client = useQueryClient();
  const now = useServerNow(15_000);
  const again = () => client.invalidateQueries({ queryKey: ["project", slug] });
  const refreshing = useMutation({
    mutationFn: () => refreshGuide(slug, scheme.name),
    onSuccess: again,
  });
  useActionKeys([
    {
      id: "learning.refresh",
      title: t("Refresh the guide"),
      section: t("Active learning"),
      keys: ["r"],
      run: () => refreshing.mutate(),
    },
  ]);
  const state = STATES[guide.state];
  const learns = guide.state === "refreshing" || refreshing.isPending;
  const at = guide.belief?.at;
  const strategy = choiceTitle({ name: guide.strategy, params: guide.strategy_params }, strategies);
  const cold = coldSentence(guide, strategy, strategyTitle(strategies, guide.cold_start));
  return (
    <section className={classes.card} aria-labelledby="guide">
      <div className={classes.top}>
        <h2 id="guide" className={classes.sentence}>
          {agreementSentence(guide)}
        </h2>
        <div className={classes.buttons}>
          <Button
            variant="default"
            loading={learns}
            aria-keyshortcuts="r"
            onClick={() => refreshing.mutate()}
          >
            {t("Refresh now")}
          </Button>
          {manager && <Remove slug={slug} scheme={scheme} guide={guide} onDone={again} />}
        </div>
      </div>
      <p className={classes.facts} role="status">
        <span className={classes.state} data-state={guide.state} title={state.meaning}>
          {state.word}
        </span>
        {guide.version > 0 && <span>{t("version {{version}}", { version: guide.version })}</span>}
        {guide.n_train > 0 && (
          <span>{t("learnt from {{count}} texts", { count: guide.n_train })}</span>
        )}
        {at !== undefined && (
          <time dateTime={at} title={moment(at)}>
            {ago(at, now)}
          </time>
        )}
      </p>
      {guide.message !== "" && <p className={classes.message}>{told(guide.message)}</p>}
      {refreshing.error && <Notice error={refreshing.error} />}
      {cold !== null && <ColdStart sentence={cold} guide={guide} scheme={scheme} />}
    </section>
  );
}

interface RemoveProps {
  slug: string;
  scheme: SchemeInfo;
  guide: GuideInfo;
  onDone: () => Promise<void>;
}

/** Takes the guide away; it can be set again as it was. */
function Remove({ slug, scheme, guide, onDone }: RemoveProps) {
  const [asking, setAsking] = useState(false);
  const removal = useMutation({
    mutationFn: () => removeGuide(slug, scheme.name),
    onSuccess: async () => {
      const back = async () => {
        await putGuide(slug, scheme.name, asNewGuide(guide));
        await onDone();
      };
      notify({
        id: `guide ${slug}/${scheme.name}`,
        tone: "good",
        title: t("The guide was taken away"),
        text: t("Texts come at random now. What it had learnt it can learn again."),
        action: { title: t("Set it again"), run: () => void back() },
      });
      await onDone();
    },
  });
  if (removal.error) return <Notice error={removal.error} />;
  if (!asking) {
    return (
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("Remove")}
      </Button>
    );
  }
  return (
    <fieldset className={classes.asking} aria-label={t("Remove the guide?")}>
      <span>{t("Suggestions would end, for everybody.")}</span>
      <Button
        variant="default"
        c="var(--bad)"
        loading={removal.isPending}
        onClick={() => removal.mutate()}
      >
        {t("Remove it")}
      </Button>
      <Button variant="default" autoFocus onClick={() => setAsking(false)}>
        {t("Keep it")}
      </Button>
    </fieldset>
  );
}
