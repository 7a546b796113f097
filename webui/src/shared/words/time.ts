import { figure } from "./number";
import { language, t } from "./translate";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Write a span of time to two parts, as it is shown while it grows. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return parts(whole, MINUTE, "min", 1, "s");
  if (whole < 2 * DAY) return parts(whole, HOUR, "h", MINUTE, "min");
  return parts(whole, DAY, t("days"), HOUR, "h");
}

function parts(whole: number, large: number, name: string, small: number, part: string): string {
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)} ${name}${rest === 0 ? "" : ` ${rest} ${part}`}`;
}

/** Write a span of time as one round figure. */
export function roughTime(seconds: number): string {
  if (seconds < 1) return t("under a second");
  if (seconds < 1.5 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < 1.5 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${figure(halves(seconds / HOUR))} h`;
  return `${figure(halves(seconds / DAY))} ${t("days")}`;
}

function halves(value: number): number {
  return value < 10 ? Math.round(value * 2) / 2 : Math.round(value);
}

/** Say how long something will still take. */
export function timeLeft(seconds: number): string {
  if (seconds < -10) return t("longer than expected");
  if (seconds < 5) return t("a moment left");
  if (seconds < 20) return t("a few seconds left");
  if (seconds < 50) return t("under a minute left");
  if (seconds < 1.5 * MINUTE) return t("about a minute left");
  const minutes = seconds / MINUTE;
  if (minutes < 10) return t("about {{n}} minutes left", { n: Math.round(minutes) });
  if (minutes < 57) return t("about {{n}} minutes left", { n: Math.round(minutes / 5) * 5 });
  if (seconds < 1.25 * HOUR) return t("about an hour left");
  if (seconds < 1.5 * DAY) {
    return t("about {{n}} hours left", { n: figure(halves(seconds / HOUR)) });
  }
  return t("about {{n}} days left", { n: figure(halves(seconds / DAY)) });
}

/** Say how long ago something was, or when, where that is longer than a week. */
export function ago(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 45) return t("just now");
  if (seconds < 90) return t("a minute ago");
  if (seconds < HOUR) return t("{{n}} min ago", { n: Math.round(seconds / MINUTE) });
  if (seconds < 1.5 * HOUR) return t("an hour ago");
  if (seconds < DAY) return t("{{n}} hours ago", { n: Math.round(seconds / HOUR) });
  if (seconds < 1.5 * DAY) return t("a day ago");
  if (seconds < 7 * DAY) return t("{{n}} days ago", { n: Math.round(seconds / DAY) });
  return day(time);
}

/** Write the day of a time, in the reader's zone. */
export function day(time: string): string {
  return format({ dateStyle: "medium" }).format(new Date(time));
}

/** Write a time in full, in the reader's zone. */
export function moment(time: string): string {
  return format({ dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}

/** Write a day (2026-11-24) without a year. */
export function shortDay(iso: string): string {
  const options = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return format(options).format(new Date(`${iso}T00:00:00Z`));
}

/** Write the month of a day (2026-11-24), with its year. */
export function shortMonth(iso: string): string {
  const options = { month: "short", year: "numeric", timeZone: "UTC" } as const;
  return format(options).format(new Date(`${iso}T00:00:00Z`));
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it, and lists of hundreds of times do. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language()}/${JSON.stringify(options)}`;
  const there = made.get(key) ?? new Intl.DateTimeFormat(language(), options);
  made.set(key, there);
  return there;
}
