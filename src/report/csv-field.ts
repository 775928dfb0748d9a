/** A field as RFC 4180 wants it: quoted where it holds a comma, a quote or a line break, quotes doubled. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text from outside as a field of CSV. A spreadsheet takes what begins like a formula for one: such text gets an apostrophe before it (OWASP, "CSV Injection"). */
export function csvText(value: string): string {
  return field(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}

/** A number as a field of CSV, with all its digits. */
export function csvNumber(value: number): string {
  return String(value);
}
