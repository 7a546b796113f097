import { language, t } from "./translate";

/** Write a number with its thousands apart. */
export function figure(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** Write "1 text", "2 texts". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count)} ${count === 1 ? one : many}`;
}

/** Write a number of any size to two figures that count, or three where it has three before the point. */
export function roughly(value: number): string {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  const digits = Math.max(0, 1 - size);
  return new Intl.NumberFormat(language(), {
    maximumFractionDigits: Math.min(digits, 6),
  }).format(value);
}

/** Write a share as a percentage that is 0 or 100 only where it is exactly that. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return t("under 1 %");
  if (rounded === 100 && share < 1) return t("over 99 %");
  return `${rounded} %`;
}

/** Write a score from 0 to 1 as a percentage to one decimal: two scores may differ by less than 1. */
export function score(share: number): string {
  return `${oneDecimal(share * 100)} %`;
}

/** Write a difference of two shares in percentage points, with its sign. */
export function points(difference: number): string {
  const rounded = Math.round(difference * 1000) / 10;
  const sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "";
  return `${sign}${oneDecimal(Math.abs(rounded))}`;
}

function oneDecimal(value: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(language(), digits).format(value);
}
