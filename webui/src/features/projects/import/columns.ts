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
