import { Button, NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CodebookVersion, CodebookVersionView, SchemeInfo } from "@/api/schema";
import { Markdown } from "@/shared/ui/Markdown";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import { type Place, versionQuery } from "../api";
import { Difference } from "./Difference";
import { VersionForm } from "./VersionForm";
import classes from "./Versions.module.css";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  version: CodebookVersion;
  others: readonly CodebookVersion[];
  onRestore: ((text: string) => void) | null;
}

/** A version: what differs from another one, or the whole text, and what can be done with it. */
export function VersionView({ place, scheme, version, others, onRestore }: Props) {
  const before = others.find(({ number }) => number < version.number)?.number ?? null;
  const [against, setAgainst] = useState(before);
  const [saying, setSaying] = useState(false);
  const asked = useQuery({
    ...versionQuery(place, version.number, against),
    placeholderData: keepPreviousData,
  });
  const found = asked.data;
  return (
    <div className={classes.open}>
      <NativeSelect
        label={t("Show")}
        className={classes.against ?? ""}
        value={against ?? ""}
        onChange={(event) => setAgainst(Number(event.currentTarget.value) || null)}
      >
        <option value="">{t("the whole text")}</option>
        {others.map(({ number }) => (
          <option key={number} value={number}>
            {t("what differs from version {{number}}", { number })}
          </option>
        ))}
      </NativeSelect>
      {asked.isPending && <Skeleton />}
      {asked.error && <Notice error={asked.error} />}
      {found && <Shown version={found} />}
      {found && onRestore !== null && (
        <div className={classes.ways}>
          <Button size="compact-sm" variant="default" onClick={() => setSaying(!saying)}>
            {t("Say what it changed")}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={found.codebook === scheme.codebook}
            onClick={() => onRestore(found.codebook)}
          >
            {t("Take this text into the editor")}
          </Button>
        </div>
      )}
      {saying && (
        <VersionForm
          place={place}
          scheme={scheme}
          version={version}
          onClose={() => setSaying(false)}
        />
      )}
    </div>
  );
}

function Shown({ version }: { version: CodebookVersionView }) {
  if (version.difference !== null) return <Difference difference={version.difference} />;
  if (version.codebook.trim() === "") return <p>{t("This version has no text.")}</p>;
  return (
    <div className={classes.whole}>
      <Markdown text={version.codebook} level={4} />
    </div>
  );
}
