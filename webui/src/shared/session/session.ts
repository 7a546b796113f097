import { useSyncExternalStore } from "react";

/** Who is signed in here. Kept in localStorage, so that every tab and a restart know it. */
export interface Session {
  readonly username: string;
  readonly token: string;
  readonly expiresAt: string;
}

const KEY = "kodkod.session";
const listeners = new Set<() => void>();
let cached: { raw: string | null; session: Session | null } = { raw: null, session: null };

function parse(raw: string | null): Session | null {
  if (raw === null) return null;
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value !== "object" || value === null) return null;
    const { username, token, expiresAt } = value as Partial<Session>;
    if (typeof username !== "string" || typeof token !== "string") return null;
    return { username, token, expiresAt: String(expiresAt) };
  } catch {
    return null;
  }
}

/** Return the session, or null when nobody is signed in or it has run out. */
export function currentSession(): Session | null {
  const raw = localStorage.getItem(KEY);
  if (raw !== cached.raw) cached = { raw, session: parse(raw) };
  const { session } = cached;
  return session !== null && Date.parse(session.expiresAt) > Date.now() ? session : null;
}

export function startSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session));
  for (const listener of listeners) listener();
}

/** End the session; with `token`, only if that is still the one in use. */
export function endSession(token?: string): void {
  if (token !== undefined && currentSession()?.token !== token) return;
  localStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession);
}
