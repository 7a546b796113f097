import { useEffect, useState } from "react";
import type { FeatureInfo, LabelInfo } from "@/api/schema";
import type { Subject } from "@/shared/filter/adding";
import { Chips } from "@/shared/filter/Chips";
import { Choice } from "@/shared/filter/Choice";
import { ConditionForm } from "@/shared/filter/ConditionForm";
import { chipsOf } from "@/shared/filter/chips";
import type { Kind } from "@/shared/filter/conditions";
import { SAMPLES, type SampleKind, SPLITS, type Split } from "@/shared/filter/filter";
import { SAMPLE_NAMES, SPLIT_NAMES } from "@/shared/filter/words";
import { t } from "@/shared/words/translate";
import classes from "./Explore.module.css";
import { Meaning } from "./Meaning";
import { changed, type ExploreSearch, narrowed, withoutFilter } from "./search";

interface Props {
  slug: string;
  features: readonly FeatureInfo[];
  /** Whether the reader may compute features. */
  computing: boolean;
  search: ExploreSearch;
  onSearch: (search: ExploreSearch) => void;
  labels: readonly LabelInfo[];
  /** Whoever has coded something here. */
  people: readonly string[];
  columns: readonly { readonly name: string; readonly kind: Kind }[];
}

/** The id of the field for what texts contain, which a key goes to. */
export const TEXT_FIELD = "explore-text";

/** Which texts the table has; all of it is in the address, so that it can be passed on. */
export function Filters(props: Props) {
  const { search, onSearch, labels, people, columns } = props;
  const change = (part: Parameters<typeof changed>[1]) => onSearch(changed(search, part));
  const [adding, setAdding] = useState(false);
  const sample = search.sample ?? "all";
  return (
    <search className={classes.filters} aria-label={t("Filter")}>
      <TextFilter regex={search.regex ?? ""} onChange={(regex) => change({ regex })} />
      <Meaning
        slug={props.slug}
        features={props.features}
        may={props.computing}
        sought={search.similar}
        onChange={(similar) => change({ similar })}
      />
      <Choice
        name={t("Texts")}
        value={sample}
        onChange={(kind) => {
          const asksLabel = kind === "predicted_as" && search.label === undefined;
          const first = asksLabel ? { label: labels[0]?.name } : {};
          change({ sample: kind as SampleKind, ...first });
        }}
      >
        {SAMPLES.map((kind) => (
          <option key={kind} value={kind}>
            {SAMPLE_NAMES[kind]}
          </option>
        ))}
      </Choice>
      {["all", "tagged", "outdated"].includes(sample) && (
        <Choice
          name={t("Coded by")}
          value={search.by ?? ""}
          onChange={(by) => change({ by: by === "" ? undefined : by })}
        >
          <option value="">{t("anybody")}</option>
          {withChosen(people, search.by).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      {["all", "tagged", "predicted_as"].includes(sample) && (
        <Choice
          name={t("Label")}
          value={search.label ?? ""}
          onChange={(label) => change({ label: label === "" ? undefined : label })}
        >
          {sample !== "predicted_as" && <option value="">{t("any")}</option>}
          {withChosen(
            labels.map(({ name }) => name),
            search.label,
          ).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <Choice
        name={t("Split")}
        value={search.split ?? "all"}
        onChange={(split) => change({ split: split === "all" ? undefined : (split as Split) })}
      >
        <option value="all">{t("all splits")}</option>
        {SPLITS.map((split) => (
          <option key={split} value={split}>
            {SPLIT_NAMES[split]}
          </option>
        ))}
      </Choice>
      {columns.length > 0 && (
        <button
          type="button"
          className={classes.quiet}
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {t("Add a condition…")}
        </button>
      )}
      {narrowed(search) && (
        <button
          type="button"
          className={classes.quiet}
          onClick={() => onSearch(withoutFilter(search))}
        >
          {t("Clear the filter")}
        </button>
      )}
      {adding && (
        <ConditionForm
          filter={search}
          subjects={columns.map((column): Subject => ({ about: "column", ...column }))}
          onAdd={(filtered) => {
            onSearch(filtered);
            setAdding(false);
          }}
          onCancel={() => setAdding(false)}
        />
      )}
      <Chips
        // What has a field of its own is read there.
        chips={chipsOf(search).filter(({ about }) => ["column", "region", "rows"].includes(about))}
        onChange={onSearch}
      />
    </search>
  );
}

/** What was chosen is listed even where nothing else tells of it. */
function withChosen(names: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
}

function TextFilter({ regex, onChange }: { regex: string; onChange: (regex: string) => void }) {
  const [written, setWritten] = useState(regex);
  useEffect(() => setWritten(regex), [regex]);
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(written);
      }}
    >
      <label htmlFor={TEXT_FIELD}>{t("Text")}</label>
      <input
        id={TEXT_FIELD}
        type="search"
        dir="auto"
        maxLength={1000}
        placeholder={t("Pattern, then Enter")}
        title={t("A regular expression; (?i) at its beginning ignores case")}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        onBlur={() => written !== regex && onChange(written)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </form>
  );
}
