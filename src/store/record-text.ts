/** A record as it is stored: for people too, hence indented. */
export function recordText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
