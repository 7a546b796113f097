/** The column names of a file, as far as the browser can read them. */
export async function columnsOf(file: File): Promise<string[]> {
  if (!/\.(csv|tsv|txt|jsonl|ndjson)$/i.test(file.name)) return [];
  const head = await file.slice(0, 64 * 1024).text();
  return /\.(jsonl|ndjson)$/i.test(file.name) ? jsonColumns(head) : delimitedColumns(head);
}

/** Read the keys of the first line of JSON. */
export function jsonColumns(head: string): string[] {
  try {
    const first: unknown = JSON.parse(head.split("\n", 1)[0] ?? "");
    return typeof first === "object" && first !== null ? Object.keys(first) : [];
  } catch {
    return [];
  }
}

/** Read the header of separated values. Only to suggest names: the server reads the file itself. */
export function delimitedColumns(head: string): string[] {
  const line = head.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "";
  const separators = ["\t", ";", ",", "|"].map((sign) => ({ sign, parts: split(line, sign) }));
  const best = separators.reduce((a, b) => (b.parts.length > a.parts.length ? b : a));
  return best.parts.map((name) => name.trim()).filter((name) => name !== "");
}

function split(line: string, sign: string): string[] {
  const fields = line.match(new RegExp(`("([^"]|"")*"|[^${sign}])+|(?<=${sign})$`, "g")) ?? [];
  return fields.map((field) => field.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"'));
}

const TEXT_NAMES = ["text", "sentence", "content", "body", "message", "title"];

/** Guess which columns hold what, for the form to start from. */
export function guessRoles(columns: readonly string[]): { id: string | null; text: string[] } {
  const named = (wanted: string) => columns.find((name) => name.toLowerCase() === wanted);
  const text = TEXT_NAMES.map(named).find((name) => name !== undefined);
  return { id: named("id") ?? null, text: text === undefined ? [] : [text] };
}
