import { useQuery } from "@tanstack/react-query";
import type { SchemeInfo } from "@/api/schema";
import { featuresQuery, modelsQuery } from "@/shared/artefacts/api";
import type { Question } from "./question";
import { type ReadingEnd, readingEnd } from "./reading";

/** Where the guide, or the model whose answers are shown, ceases to read a text; null where it reads all. */
export function useReadingEnd(
  slug: string,
  { name, guide }: SchemeInfo,
  { suggestedBy }: Question,
  text: string,
): ReadingEnd | null {
  const features = useQuery({ ...featuresQuery(slug), enabled: guide !== null }).data ?? [];
  const models = useQuery({ ...modelsQuery(slug), enabled: suggestedBy !== undefined }).data ?? [];
  const model = models.find((each) => each.scheme === name && each.name === suggestedBy);
  return readingEnd(text, guide, features, model);
}
