import { useQuery } from "@tanstack/react-query";
import { modelsQuery } from "@/shared/artefacts/api";
import { t } from "@/shared/words/translate";
import type { Question } from "../question";
import { Quick } from "./Quick";

interface Props {
  slug: string;
  scheme: string;
  question: Question;
  onChange: (question: Question) => void;
}

/** Whose answers are shown beside the text: nobody's, unless one asks to be swayed. */
export function Suggester({ slug, scheme, question, onChange }: Props) {
  const { suggestedBy, ...withoutSuggestions } = question;
  const models = useQuery(modelsQuery(slug)).data ?? [];
  const names = models
    .filter((each) => each.scheme === scheme && each.predicted_rows !== null)
    .filter(({ training }) => training.dichotomise === null)
    .map(({ name }) => name);
  // What is gone by now can still be chosen away.
  if (suggestedBy !== undefined && !names.includes(suggestedBy)) names.push(suggestedBy);
  if (names.length === 0) return null;
  return (
    <Quick
      name={t("Suggestions")}
      title={t("They may sway you before you have judged yourself")}
      value={suggestedBy ?? ""}
      onChange={(name) =>
        onChange(name === "" ? withoutSuggestions : { ...question, suggestedBy: name })
      }
    >
      <option value="">{t("none")}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Quick>
  );
}
