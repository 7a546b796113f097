import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { componentsQuery, FIRST_CONSENSUS, membersQuery } from "../api";
import { type AgreementSearch, isSplit } from "../search";
import classes from "./Adjudication.module.css";

interface Props {
  slug: string;
  scheme: SchemeInfo;
  search: AgreementSearch;
  onSearch: (search: AgreementSearch) => void;
}

/** Which disagreements are listed, and by what a value is suggested. */
export function Filters({ slug, scheme, search, onSearch }: Props) {
  const members = useQuery(membersQuery(slug)).data ?? [];
  const ways = useQuery(componentsQuery("consensus")).data ?? [];
  const names = [
    ...new Set([
      ...members.map(({ username }) => username),
      ...[search.first, search.second].filter((name) => name !== undefined),
    ]),
  ];
  const set = (key: keyof AgreementSearch, value: string | null) => {
    const { [key]: _, ...others } = search;
    onSearch(value === null || value === "" ? others : { ...others, [key]: value });
  };
  const decided = search.decided ?? "no";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend on the page
    <div className={classes.filters} role="group" aria-label={t("What is listed")}>
      <SegmentedControl
        size="xs"
        aria-label={t("Decided or not")}
        value={decided}
        onChange={(value) => set("decided", value === "no" ? null : value)}
        data={[
          { value: "no", label: t("To decide") },
          { value: "yes", label: t("Decided") },
          { value: "all", label: t("All") },
        ]}
      />
      <Select
        size="xs"
        aria-label={t("Between whom")}
        placeholder={t("Between…")}
        clearable
        searchable
        data={names.filter((name) => name !== search.second)}
        value={search.first ?? null}
        onChange={(value) => set("first", value)}
      />
      <Select
        size="xs"
        aria-label={t("And whom")}
        placeholder={t("and…")}
        clearable
        searchable
        data={names.filter((name) => name !== search.first)}
        value={search.second ?? null}
        onChange={(value) => set("second", value)}
      />
      <Select
        size="xs"
        aria-label={t("Label that somebody gave")}
        placeholder={t("Any label")}
        clearable
        searchable
        data={scheme.labels.map(({ name }) => name)}
        value={search.label ?? null}
        onChange={(value) => set("label", value)}
      />
      <Select
        size="xs"
        aria-label={t("Split")}
        placeholder={t("Any split")}
        clearable
        data={["train", "valid", "test"]}
        value={search.split ?? null}
        onChange={(value) => set("split", isSplit(value) ? value : null)}
      />
      <Select
        size="xs"
        aria-label={t("Suggested by")}
        allowDeselect={false}
        data={
          ways.length === 0
            ? [search.by ?? FIRST_CONSENSUS]
            : ways.map(({ name, title }) => ({ value: name, label: title }))
        }
        value={search.by ?? FIRST_CONSENSUS}
        onChange={(value) => set("by", value === FIRST_CONSENSUS ? null : value)}
      />
    </div>
  );
}
