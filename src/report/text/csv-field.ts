import { printable } from './printable.ts';

/** A field as RFC 4180 wants it: quoted where it holds a comma or a quote, quotes doubled. */
function field(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), also in the full-width forms of East Asian text, and after the spaces and
 * quotes that some programs strip.
 */
const formula = /^[\s'"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** A text from outside as a field of CSV, on one line: what looks like a formula gets an apostrophe before it. */
export function csvText(value: string): string {
  const text = printable(value);
  return field(formula.test(text) ? `'${text}` : text);
}

/** A number as a field of CSV, with all its digits. */
export function csvNumber(value: number): string {
  return String(value);
}
