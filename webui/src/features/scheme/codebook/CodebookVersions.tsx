import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CodebookVersion, SchemeInfo } from "@/api/schema";
import { serverNow } from "@/shared/clock";
import { versionsQuery } from "@/shared/project/codebook";
import { Notice } from "@/shared/ui/Notice";
import { Skeleton } from "@/shared/ui/Page";
import { t } from "@/shared/words/translate";
import type { Place } from "../api";
import classes from "./Versions.module.css";
import { VersionView } from "./VersionView";
import { affectsWords, madeBy, standingOf } from "./versions";

interface Props {
  place: Place;
  scheme: SchemeInfo;
  /** Takes an old text into the editor; null for whoever may only read. */
  onRestore: ((text: string) => void) | null;
}

/** The versions of the codebook and labels, newest first. */
export function CodebookVersions({ place, scheme, onRestore }: Props) {
  const versions = useQuery(versionsQuery(place));
  return (
    <section className={classes.versions} aria-labelledby="versions">
      <h3 id="versions">{t("Versions")}</h3>
      {versions.isPending && <Skeleton />}
      {versions.error && (
        <Notice error={versions.error}>
          <Button size="compact-sm" variant="default" onClick={() => void versions.refetch()}>
            {t("Try again")}
          </Button>
        </Notice>
      )}
      {versions.data && (
        <>
          <p className={classes.intro}>
            {versions.data.length < 2
              ? t("One version so far. A change made after the first annotation is a new one.")
              : t("Every answer keeps the version that it was given under.")}
          </p>
          <ul className={classes.list}>
            {versions.data.map((version) => (
              <Version
                key={version.number}
                place={place}
                scheme={scheme}
                version={version}
                all={versions.data}
                onRestore={onRestore}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface VersionProps extends Props {
  version: CodebookVersion;
  all: readonly CodebookVersion[];
}

function Version({ place, scheme, version, all, onRestore }: VersionProps) {
  const [open, setOpen] = useState(false);
  const affects = affectsWords(version);
  const name = t("Version {{number}}", { number: version.number });
  return (
    <li>
      <div className={classes.line}>
        <div className={classes.what}>
          <h4>{name}</h4>
          <span className={classes.who}>{madeBy(version, serverNow())}</span>
          {version.note !== "" && (
            <p className={classes.note} dir="auto">
              {version.note}
            </p>
          )}
          <p>
            {affects !== null && `${affects} `}
            {standingOf(version)}
          </p>
        </div>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={open}
          aria-label={
            open
              ? t("Close version {{number}}", { number: version.number })
              : t("Show version {{number}}", { number: version.number })
          }
          onClick={() => setOpen(!open)}
        >
          {open ? t("Close") : t("Show")}
        </Button>
      </div>
      {open && (
        <VersionView
          place={place}
          scheme={scheme}
          version={version}
          others={all.filter(({ number }) => number !== version.number)}
          onRestore={onRestore}
        />
      )}
    </li>
  );
}
