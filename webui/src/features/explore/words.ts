import { language } from "@/shared/words/translate";

/** Write a time as a day, in the reader's language and zone. */
export function dayOf(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(time));
}
