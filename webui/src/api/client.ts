import createClient from "openapi-fetch";
import type { paths } from "./generated";
import { type Problem, problemFrom, toProblem, unreachable } from "./problem";

interface Credentials {
  /** The token to send, or null when nobody is signed in. */
  token: () => string | null;
  /** Called when the server no longer accepts that token. */
  refused: (token: string) => void;
}

let credentials: Credentials = { token: () => null, refused: () => undefined };

/** Say where tokens come from. Called once, when the app starts. */
export function provideCredentials(source: Credentials): void {
  credentials = source;
}

export const api = createClient<paths>({ baseUrl: "/" });

api.use({
  onRequest({ request }) {
    const token = credentials.token();
    if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  },
  onResponse({ request, response }) {
    const sent = request.headers.get("Authorization")?.replace(/^Bearer /, "");
    if (response.status === 401 && sent !== undefined) credentials.refused(sent);
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Await an answer and return its body, or throw a Problem. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  let arrived: Answer<T>;
  try {
    arrived = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw toProblem(error);
  }
  const { data, error, response } = arrived;
  if (!response.ok) throw await asProblem(response, error);
  return data as T;
}

async function asProblem(response: Response, error: unknown): Promise<Problem> {
  // A proxy in between answers 502-504 in HTML while the server restarts.
  if ([502, 503, 504].includes(response.status) && typeof error !== "object") {
    return unreachable(response.status);
  }
  return problemFrom(response.status, error);
}
