/** A word processor has made one dash of two, or a longer one of one. */
const dash = /(?<=\s)[\u2010-\u2015\u2212](?=[A-Za-z](\w)?)/g;

/** A call with its options as they are typed. */
export function withTypedDashes(text: string): string {
  return text.replace(dash, (_, more?: string) => (more === undefined ? '-' : '--'));
}
