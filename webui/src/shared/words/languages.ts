import { language } from "./translate";

/** A language's name in itself: "English", "Français". */
export function ownName(code: string): string {
  return named(code, code);
}

/** A language's name in the page's language, or its code where nobody knows it. */
export function languageName(code: string): string {
  return named(code, language());
}

function named(code: string, inside: string): string {
  let name: string;
  try {
    name = new Intl.DisplayNames(inside, { type: "language" }).of(code) ?? code;
  } catch {
    // What is no code of a language is shown as it is.
    return code;
  }
  return name.charAt(0).toLocaleUpperCase(inside) + name.slice(1);
}
