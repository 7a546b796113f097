import { api, body } from "@/api/client";
import type { Preferences } from "@/api/schema";
import { chooseLanguage, language, languages } from "@/shared/words/translate";

/** What the server remembers of whoever is signed in; null before it has said so. */
let known: Preferences | null = null;

/** How the page takes up what was chosen elsewhere. */
interface Here {
  readonly setMode: (mode: NonNullable<Preferences["mode"]>) => void;
  readonly setColors: (colors: NonNullable<Preferences["colors"]>) => void;
}

/** Take up how somebody likes to work, as they have said on whichever machine. */
export function adopt(preferences: Preferences, { setMode, setColors }: Here): void {
  known = preferences;
  if (preferences.mode != null) setMode(preferences.mode);
  if (preferences.colors != null) setColors(preferences.colors);
  const chosen = preferences.language;
  if (chosen != null && chosen !== language() && languages.includes(chosen)) {
    chooseLanguage(chosen);
  }
}

/** Let the server remember a choice for other machines; here it counts in any case. */
export async function remember(change: Partial<Preferences>): Promise<void> {
  if (known === null) return;
  known = { ...known, ...change };
  try {
    await body(api.PUT("/api/v1/me/preferences", { body: known }));
  } catch {
    // Nobody is kept from working by it: the choice stands in this browser.
  }
}

/** Choose the page's language, here and on other machines. */
export async function rememberLanguage(chosen: string): Promise<void> {
  await remember({ language: chosen });
  chooseLanguage(chosen);
}
