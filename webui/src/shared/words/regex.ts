/** Phrase a text as a regular expression that means just it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|#&~-]/g, "\\$&");
}
