import { useQuery } from "@tanstack/react-query";
import type { Element } from "@/api/schema";
import { versionsQuery } from "@/shared/project/codebook";
import { t } from "@/shared/words/translate";
import { said } from "@/shared/words/value";
import type { Place } from "./outbox/storage";
import { changesSince } from "./outdated";
import classes from "./Quality.module.css";
import { ownAnnotation } from "./tally";

interface Props {
  place: Place;
  element: Element;
}

/** That one's answer is from before its label meant what it means now, and what changed. */
export function OutdatedMark({ place, element }: Props) {
  const own = ownAnnotation(element, place.user);
  const outdated = own?.outdated === true;
  const { project: slug, scheme } = place;
  const versions = useQuery({ ...versionsQuery({ slug, scheme }), enabled: outdated });
  if (own === undefined || !outdated) return null;
  return (
    <section className={classes.outdated} aria-label={t("Outdated answer")}>
      <p>
        {t("You said “{{value}}” before the codebook changed. Say it again, or something else.", {
          value: said(own.value, element.text),
        })}
      </p>
      {changesSince(versions.data ?? [], own).map(({ number, note }) => (
        <p key={number} dir="auto">
          {note === ""
            ? t("Version {{number}} changed what it means.", { number })
            : t("Version {{number}}: {{note}}", { number, note })}
        </p>
      ))}
    </section>
  );
}
