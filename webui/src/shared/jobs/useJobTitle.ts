import { useQuery } from "@tanstack/react-query";
import type { JobView } from "@/api/schema";
import { componentsQuery, featuresQuery, modelsQuery } from "@/shared/artefacts/api";
import { jobTitle, subjectTitle } from "./words";

/** A job's title and what it runs, with the names of what it refers to as soon as they are known. */
export function useJobTitle(job: JobView): { title: string; subject: string } {
  const slug = job.project ?? "";
  const components = useQuery(componentsQuery).data;
  const ofModel = job.project !== null && "model_id" in job.params;
  const ofFeature = job.project !== null && "feature_id" in job.params;
  const models = useQuery({ ...modelsQuery(slug), enabled: ofModel }).data;
  const features = useQuery({ ...featuresQuery(slug), enabled: ofFeature }).data;
  const artefacts = new Map([...(models ?? []), ...(features ?? [])].map((a) => [a.id, a.name]));
  const names = { components, artefacts };
  return { title: jobTitle(job, names), subject: subjectTitle(job, names) };
}
