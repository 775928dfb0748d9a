/** What mail and forums put around a text on its way. Every line keeps its number. */

/** `=3D` is the `=` of a text in quoted-printable: no other text is full of it. */
const escapedEqual = /=3D/g;
const leastEscaped = 3;
const softBreak = /[^=]=$/m;
const bytes = /(?:=[\dA-F]{2})+/g;

/** RFC 2045, 6.7: `=C3=BC`. Bytes that are no UTF-8 stay as they are. */
function withoutEscapes(line: string): string {
  return line.replace(bytes, (all) => {
    const text = Buffer.from(all.replaceAll('=', ''), 'hex').toString('utf8');
    return /[\ufffd\p{Cc}]/u.test(text) ? all : text;
  });
}

/** Lines whose end a mail program put on the next one are whole again; the line of the end is empty then. */
function fromQuotedPrintable(text: string): string {
  if ((text.match(escapedEqual)?.length ?? 0) < leastEscaped || !softBreak.test(text)) return text;
  const lines = text.split('\n');
  let open = -1;
  lines.forEach((line, place) => {
    const isSoft = line.endsWith('=');
    const own = isSoft ? line.slice(0, -1) : line;
    lines[place] = open < 0 ? own : '';
    if (open >= 0) lines[open] = `${lines[open] ?? ''}${own}`;
    if (!isSoft) open = -1;
    else if (open < 0) open = place;
  });
  return lines.map(withoutEscapes).join('\n');
}

/** `[COLOR=#ff0000]`, `[B]`: tags of forums, of which the closing one stands in the text, too. */
const closingTag = /\[\/(color|colour|b|i|u|size|font|code|icode|php|quote|url|mono|spoiler|pre)\]/gi;

function withoutForumTags(text: string): string {
  if (!text.includes('[/')) return text;
  const names = new Set(Array.from(text.matchAll(closingTag), ([, name = '']) => name.toLowerCase()));
  if (names.size === 0) return text;
  return text.replace(new RegExp(String.raw`\[\/?(?:${[...names].join('|')})(?:=[^[\]\n]{0,80})?\]`, 'gi'), '');
}

/** The text as its author wrote it. */
export function withoutTransport(text: string): string {
  return withoutForumTags(fromQuotedPrintable(text));
}
