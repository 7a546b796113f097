import type { Delivery } from "@/api/schema";
import { apart } from "@/shared/words/list";
import { t, told } from "@/shared/words/translate";

/** What a webhook can be told of, in groups. */
export function eventChoices(): { value: string; label: string }[] {
  return [
    { value: "job.*", label: t("Jobs: queued, begun, done, failed, stopped") },
    { value: "job.failed", label: t("Jobs that failed") },
    { value: "annotations.saved", label: t("Annotations, counted each minute") },
    { value: "stopping.*", label: t("Advice on stopping, when it turns") },
    { value: "scheme.*", label: t("Schemes: made, changed, deleted") },
    { value: "task.*", label: t("Tasks: changed, done, late") },
    { value: "project.*", label: t("The project: deleted, restored") },
  ];
}

/** Name what is asked for; types that are not among the choices stand for themselves. */
export function eventWords(events: readonly string[]): string {
  if (events.includes("*")) {
    return t("Everything that happens");
  }
  const labels = new Map(eventChoices().map(({ value, label }) => [value, label]));
  return apart(events.map((event) => labels.get(event) ?? event));
}

export function deliveryWords(delivery: Delivery): string {
  if (delivery.state === "delivered") {
    return t("Delivered");
  }
  const why = told(delivery.problem);
  if (delivery.state === "failed") {
    return t("Given up. {{why}}", { why });
  }
  return delivery.attempts === 0 ? t("On its way") : t("To be tried again. {{why}}", { why });
}
