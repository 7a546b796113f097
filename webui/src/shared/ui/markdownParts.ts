import { lexer, type MarkedToken, type Token } from "marked";

/** Read Markdown into its parts. HTML in it is a part as well, to be shown as it was typed. */
export function partsOf(markdown: string): readonly MarkedToken[] {
  try {
    // The other tokens are those of extensions, of which there is none.
    return lexer(markdown, { gfm: true, breaks: true }) as Token[] as MarkedToken[];
  } catch {
    // Nested deeper than the reader's stack: shown as it was typed.
    return [{ type: "code", raw: markdown, text: markdown }];
  }
}

/** Return an address that may be followed, or null: a codebook is no place for scripts. */
export function safeAddress(address: string): string | null {
  try {
    const { protocol } = new URL(address);
    return ["http:", "https:", "mailto:"].includes(protocol) ? address : null;
  } catch {
    return null;
  }
}
