import { language } from "@/shared/words/translate";

/** Write how alike a text is to what is looked for; a dash where it has no vector. */
export function likeness(similarity: number | null | undefined): string {
  if (similarity === null || similarity === undefined) return "–";
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language(), digits).format(similarity);
}

/** Write a time as a day, in the reader's language and zone. */
export function dayOf(time: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(time));
}
