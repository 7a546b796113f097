import { language, t } from "./translate";
import { typeset } from "./typography";

/** Write a number with its thousands apart. */
export function figure(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
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

/** Write a number with its unit; in French no line ends between them. */
export function unit(written: string, of: string): string {
  return typeset(language(), `${written} ${of}`);
}

/** Write a share as a percentage that is 0 or 100 only where it is exactly that. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return t("under 1 %");
  if (rounded === 100 && share < 1) return t("over 99 %");
  return unit(String(rounded), "%");
}

/** Write a score from 0 to 1 as a percentage to one decimal: two scores may differ by less than 1. */
export function score(share: number): string {
  return unit(decimals(share * 100, 1), "%");
}

/** Write a difference of two shares in percentage points, with its sign. */
export function points(difference: number): string {
  const rounded = Math.round(difference * 1000) / 10;
  const sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "";
  return `${sign}${decimals(Math.abs(rounded), 1)}`;
}

/** Write a number to so many decimals, zeros too. */
export function decimals(value: number, digits: number): string {
  const both = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language(), both).format(value);
}

/** Write a number to so many figures that count, and none that do not. */
export function figures(value: number, digits: number): string {
  return new Intl.NumberFormat(language(), { maximumSignificantDigits: digits }).format(value);
}

/** What stands between thousands, and before decimals: for fields that numbers are typed into. */
export function separators(): { thousandSeparator: string; decimalSeparator: string } {
  const parts = new Intl.NumberFormat(language()).formatToParts(1234567.8);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { thousandSeparator: of("group"), decimalSeparator: of("decimal") };
}
