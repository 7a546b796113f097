const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Write a span of time to two parts, as it is shown while it grows. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return parts(whole, MINUTE, "min", 1, "s");
  if (whole < 2 * DAY) return parts(whole, HOUR, "h", MINUTE, "min");
  return parts(whole, DAY, "days", HOUR, "h");
}

function parts(whole: number, large: number, name: string, small: number, part: string): string {
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)} ${name}${rest === 0 ? "" : ` ${rest} ${part}`}`;
}

/** Write a span of time as one round figure. */
export function roughTime(seconds: number): string {
  if (seconds < 1) return "under a second";
  if (seconds < 1.5 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < 1.5 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${halves(seconds / HOUR)} h`;
  return `${halves(seconds / DAY)} days`;
}

function halves(value: number): number {
  return value < 10 ? Math.round(value * 2) / 2 : Math.round(value);
}

/** Say how long something will still take. */
export function timeLeft(seconds: number): string {
  if (seconds < -10) return "longer than expected";
  if (seconds < 5) return "a moment left";
  if (seconds < 20) return "a few seconds left";
  if (seconds < 50) return "under a minute left";
  if (seconds < 1.5 * MINUTE) return "about a minute left";
  const minutes = seconds / MINUTE;
  if (minutes < 10) return `about ${Math.round(minutes)} minutes left`;
  if (minutes < 57) return `about ${Math.round(minutes / 5) * 5} minutes left`;
  if (seconds < 1.25 * HOUR) return "about an hour left";
  if (seconds < 1.5 * DAY) return `about ${halves(seconds / HOUR)} hours left`;
  return `about ${halves(seconds / DAY)} days left`;
}

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const dayAndTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** Say how long ago something was, or when, where that is longer than a week. */
export function ago(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 90) return "a minute ago";
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min ago`;
  if (seconds < 1.5 * HOUR) return "an hour ago";
  if (seconds < DAY) return `${Math.round(seconds / HOUR)} hours ago`;
  if (seconds < 1.5 * DAY) return "a day ago";
  if (seconds < 7 * DAY) return `${Math.round(seconds / DAY)} days ago`;
  return day.format(new Date(time));
}

/** Write a time in full, in the reader's zone. */
export function moment(time: string): string {
  return dayAndTime.format(new Date(time));
}

/** Write a day (2026-11-24) without a year. */
export function shortDay(iso: string): string {
  return dayOfMonth.format(new Date(`${iso}T00:00:00Z`));
}

const dayOfMonth = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
