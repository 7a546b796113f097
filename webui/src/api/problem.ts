/** What went wrong, in the server's words where it answered and in ours where it did not. */
export class Problem extends Error {
  override readonly name = "Problem";

  /** `status` is 0 where no answer came. */
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly field: string | null = null,
    /** The last part of the problem's type, such as `invalid-params`. */
    readonly type: string | null = null,
  ) {
    super(detail);
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

type Say = (sentence: string, values?: Readonly<Record<string, string | number>>) => string;

/** Says what the server did not: in English, until the app has told the reader's language. */
let t: Say = (sentence, values = {}) =>
  sentence.replace(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place));

/** Says what the server did, in the reader's language. */
let told: (text: string) => string = (text) => text;

/** Say how our own sentences are said, and the server's. Called once, when the app starts. */
export function provideWords(say: Say, tell: (text: string) => string): void {
  t = say;
  told = tell;
}

/** No answer came, from the server itself at least. */
export function unreachable(status = 0): Problem {
  return new Problem(status, t("The server cannot be reached."));
}

/** Read a problem from an error body (RFC 9457) of any shape. */
export function problemFrom(status: number, body: unknown): Problem {
  const detail = textAt(body, "detail") ?? textAt(body, "title");
  return new Problem(
    status,
    detail === undefined
      ? t("The server answered {{status}} without saying why.", { status: String(status) })
      : told(detail),
    textAt(body, "field") ?? textAt(body, "column") ?? null,
    textAt(body, "type")?.split("/").at(-1) ?? null,
  );
}

/** Turn whatever was thrown into a Problem; a failed fetch throws a TypeError. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return unreachable();
  return new Problem(0, error instanceof Error ? error.message : String(error));
}

function textAt(body: unknown, key: string): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const value = Reflect.get(body, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
