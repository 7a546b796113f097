import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ModelInfo, ProjectInfo, WrongPrediction } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { percent } from "@/shared/words/number";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import { errorsQuery } from "../api";
import classes from "../Models.module.css";
import type { ModelSearch, Split } from "../search";

interface Props {
  project: ProjectInfo;
  model: ModelInfo;
  split: Split;
  cell: ModelSearch;
  onAll: () => void;
}

/** The texts that a model has wrong, the most confident first: all, or those of a cell. */
export function Errors({ project, model, split, cell, onAll }: Props) {
  const { slug } = project;
  const errors = useInfiniteQuery(errorsQuery(slug, model.name, split, cell));
  const first = errors.data?.pages[0];
  const items = errors.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = cell.true !== undefined || cell.predicted !== undefined;
  const left = (first?.wrong ?? 0) - items.length;
  return (
    <section className={classes.errors} aria-label={t("Texts that it has wrong")}>
      {errors.error && <Notice error={errors.error} />}
      {errors.isPending && <Skeleton />}
      {first !== undefined && (
        <div className={classes.errorsHead}>
          <p role="status">
            {narrowed
              ? t("{{count}} texts: people say {{said}}, the model {{called}}.", {
                  count: first.wrong,
                  said: cell.true ?? t("anything"),
                  called: cell.predicted ?? t("anything"),
                })
              : t("{{wrong}} of {{count}} texts are wrong, the most confident first.", {
                  wrong: first.wrong,
                  count: first.compared,
                })}
          </p>
          {narrowed && (
            <button type="button" className={classes.quiet} onClick={onAll}>
              {t("All that it has wrong")}
            </button>
          )}
          {cell.true !== undefined && (
            <Link
              to="/projects/$slug/explore"
              params={{ slug }}
              search={{ scheme: model.scheme, split, label: cell.true }}
            >
              {t("All texts coded {{label}} in Explore", { label: cell.true })}
            </Link>
          )}
        </div>
      )}
      {items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <section className={classes.wrong} aria-label={t("Wrong predictions")} tabIndex={0}>
          <ol>
            {items.map((item) => (
              <Wrong key={item.id} item={item} />
            ))}
          </ol>
        </section>
      )}
      {errors.hasNextPage && (
        <Button
          size="compact-sm"
          variant="default"
          loading={errors.isFetchingNextPage}
          onClick={() => void errors.fetchNextPage()}
        >
          {t("Show more, of {{count}} that are left", { count: left })}
        </Button>
      )}
    </section>
  );
}

const LONG = 280;

function Wrong({ item }: { item: WrongPrediction }) {
  const { text, value, predicted, confidence } = item;
  const long = [...text].length > LONG;
  return (
    <li>
      {long ? (
        <details>
          <summary dir="auto">{`${[...text].slice(0, LONG).join("")}…`}</summary>
          <p dir="auto">{text}</p>
        </details>
      ) : (
        <p className={classes.text} dir="auto">
          {text}
        </p>
      )}
      <p className={classes.soft}>
        {t("People: {{said}}. The model: {{called}}, {{sure}} sure.", {
          said: said(value, text),
          called: said(predicted, text),
          sure: percent(confidence),
        })}
      </p>
    </li>
  );
}
