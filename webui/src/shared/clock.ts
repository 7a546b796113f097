import { useEffect, useState } from "react";

/** Milliseconds by which the server's clock is ahead of this browser's. */
let ahead = 0;

/** A `Date` header is exact to a second and takes a while to arrive: this is no difference yet. */
const NOTICEABLE = 5_000;

/** Take the server's time from a `Date` header that has just arrived. */
export function noteServerTime(date: string | null): void {
  const difference = date === null ? Number.NaN : Date.parse(date) - Date.now();
  if (Number.isFinite(difference)) ahead = Math.abs(difference) < NOTICEABLE ? 0 : difference;
}

/** Return the time by the server's clock: the times it tells are to be compared with this. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** Return the server's time, again every `pause` milliseconds. */
export function useServerNow(pause: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), pause);
    return () => clearInterval(timer);
  }, [pause]);
  return now;
}
