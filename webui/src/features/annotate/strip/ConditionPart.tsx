import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import type { Subject } from "@/shared/filter/adding";
import { ConditionForm } from "@/shared/filter/ConditionForm";
import { kindOf } from "@/shared/filter/conditions";
import { useSession } from "@/shared/session/session";
import { t } from "@/shared/words/translate";
import { matchingQuery, someTextsQuery, statisticsQuery } from "../api";
import type { Question } from "../question";

interface Props {
  project: ProjectInfo;
  scheme: SchemeInfo;
  question: Question;
  onChange: (question: Question) => void;
  onClose: () => void;
}

/** Adds a condition to the filter; it counts once the server has texts that pass. */
export function ConditionPart({ project, scheme, question, onChange, onClose }: Props) {
  const { slug, context_columns: columns } = project;
  const username = useSession()?.username ?? "";
  const client = useQueryClient();
  const texts = useQuery({ ...someTextsQuery(slug, scheme.name), enabled: columns.length > 0 });
  const people = useQuery(statisticsQuery(slug, scheme.name)).data?.annotators ?? [];
  const labels = scheme.labels.map(({ name }) => name);
  const named: Subject[] = [
    { about: "label", names: labels },
    { about: "person", names: people.map((each) => each.username) },
    ...(scheme.guide === null ? [] : [{ about: "prediction", names: labels } as const]),
  ];
  const subjects: Subject[] = [
    { about: "text" },
    ...named.filter((each) => "names" in each && each.names.length > 0),
    ...columns.map((name): Subject => {
      const seen = (texts.data ?? []).map(({ context }) => context[name]);
      return { about: "column", name, kind: kindOf(seen) };
    }),
  ];
  /** What is in hand stays there until it is known that there is something to come instead. */
  const check = async (wished: Question) => {
    const n = await client.fetchQuery(matchingQuery(slug, scheme.name, wished, username));
    return n > 0 ? null : t("No text passes this. The texts stay as they were.");
  };
  return (
    <ConditionForm
      filter={question}
      subjects={subjects}
      check={check}
      onAdd={(filtered) => {
        onClose();
        onChange(filtered);
      }}
      onCancel={onClose}
    />
  );
}
