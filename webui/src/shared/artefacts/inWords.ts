import type { ComponentInfo } from "@/api/schema";
import { told } from "@/shared/words/translate";

/** Return components with what they say of themselves in the reader's language; forms do their own. */
export async function inWords(asked: Promise<ComponentInfo[]>): Promise<ComponentInfo[]> {
  return (await asked).map((each) => ({
    ...each,
    title: told(each.title),
    summary: told(each.summary),
  }));
}
