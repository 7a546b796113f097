import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t, told } from "@/shared/words/translate";
import { stoppingQuery } from "../api";
import { RuleCard } from "./RuleCard";
import classes from "./Stopping.module.css";
import { summary } from "./words";

interface Props {
  slug: string;
  scheme: string;
  guided: boolean;
}

/** Whether more labels still help: what each rule says, and on what grounds. */
export function StoppingView({ slug, scheme, guided }: Props) {
  const advice = useQuery({ ...stoppingQuery(slug, scheme), enabled: guided });
  if (!guided) {
    return (
      <section className={classes.none}>
        <h2>{t("There is nothing to judge by yet")}</h2>
        <p>
          {t(
            "Advice on stopping reads how the guide’s mind changes as it learns, and this scheme has no guide.",
          )}{" "}
          <Link to="/projects/$slug/learning/$scheme" params={{ slug, scheme }}>
            {t("To the guide")}
          </Link>
        </p>
      </section>
    );
  }
  if (advice.error) return <Notice error={advice.error} />;
  if (advice.isPending) return <Skeleton lines={5} />;
  const { rules, message, version } = advice.data;
  return (
    <>
      <div className={classes.summary} role="status">
        <p className={classes.lead}>{summary(advice.data)}</p>
        <p>
          {t("Nothing stops by itself: this is advice, the decision is yours.")}
          {version > 0 && ` ${t("It follows version {{version}} of the guide.", { version })}`}
        </p>
        {message !== "" && <p>{told(message)}</p>}
      </div>
      <div className={classes.cards}>
        {rules.map((rule) => (
          <RuleCard key={rule.name} rule={rule} />
        ))}
      </div>
    </>
  );
}
