import { decodeHTMLStrict } from 'entities';
import { withoutTerminalCodes } from '../record/terminal-codes.ts';
import { withJoinedRows, withoutOuterQuotes, withoutRemark } from './line-repair.ts';

/** One line of a note, as a reader of its meaning sees it. */
export interface TextLine {
  /** From 1. */
  readonly number: number;
  /** Without colour codes, carriage returns and trailing blanks; special spaces are plain ones. */
  readonly text: string;
}

/** Line ends as CommonMark counts them: LF, CR LF, and a lone CR. */
const lineEnd = /\r\n|\n|\r/;

export function splitLines(text: string): string[] {
  return text.includes('\r') ? text.split(lineEnd) : text.split('\n');
}

/** Colour codes that lost their escape character on the way through a clipboard (`[0m`, `^[[2;35m`). */
const bareColour = /(?:\^\[)?\[\d{1,3}(?:;\d{1,3}){0,4}m/g;
const specialSpace = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const nothingVisible = /[\u200b-\u200d\u2060\ufeff]/g;
const notAscii = /[^\0-\x7f]/;
/** Markup that people put into pasted output, or that a converter left there. */
const tag =
  /<\/?(?:b|i|u|em|strong|code|pre|span|p|tt|kbd|samp|font|small|sub|sup|mark|div|details|summary|table|tbody|tr|td|th|blockquote|ul|ol|li)(?:\s[^<>]{0,200})?>/gi;
const lineBreak = /<br\s?\/?>/gi;
const bold = /\*\*(?=[^\s*])([^*]{1,400})\*\*/g;
const dashOfRange = /(\d\s?)[\u2010-\u2015\u2212](?=\s?\d)/g;

const reference = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});/gi;

/** `&#37;`, `&gt;`: a converter left them there, or Markdown has them in running text. Those of signs that nobody sees stay as they are. */
function withoutReferences(text: string): string {
  if (!text.includes('&') || !text.includes(';')) return text;
  return text.replace(reference, (whole) => {
    const sign = decodeHTMLStrict(whole);
    return /\p{C}/u.test(sign) ? whole : sign;
  });
}

/** Keys of maps may have any signs. */
function withoutMarkup(text: string): string {
  if (/^\s*@/.test(text)) return text;
  const plain = text.includes('<') ? text.replace(lineBreak, ' ').replace(tag, '') : text;
  return plain.includes('**') ? plain.replace(bold, '$1') : plain;
}

/** The text of one line as a terminal would show it. */
export function cleanLine(raw: string): string {
  let text = withoutTerminalCodes(raw);
  if (text.includes('[0m')) text = text.replace(bareColour, '');
  if (!/^\s*@/.test(text)) text = withoutReferences(text);
  if (notAscii.test(text)) text = text.replace(specialSpace, ' ').replace(nothingVisible, '');
  if (notAscii.test(text) && !text.startsWith('@')) text = text.replace(dashOfRange, '$1-');
  return withoutMarkup(text).trimEnd();
}

const quoteSigns = /^(?:\s{0,3}>\s?)+/;
const escapedSign = /\\([!-/:-@[-`{-~])/g;
export function withoutQuoteSigns(line: string): string {
  return line.includes('>') ? line.replace(quoteSigns, '') : line;
}

/** A line of running text without what Markdown puts into it: signs of quotes, escapes, character references. */
export function proseLine(raw: string): string {
  let text = withoutQuoteSigns(raw);
  if (text.includes('\\')) text = text.replace(escapedSign, '$1');
  return withoutReferences(text);
}

const isoTime = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|\s?[+-]\d\d:?\d\d)?\]?[:|]?\s+(?=\S)/;
const clockTime = /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?[:|]?\s+(?=\S)/;

/** What loggers put before a line, by what it begins with. */
const prefixes = {
  bracket: [
    // [STDOUT], [info]; but not what iperf and sockperf begin their lines with
    /^\[(?!SUM|FD\d|TX-|RX-|ID\]|Valid |Total |Histogram|CLIENT|SERVER)[A-Za-z][\w .:/-]{0,30}\]:?\s+(?=\S)/,
    isoTime,
    clockTime,
    // [   12.345678], as the kernel and `ts -s` print it
    /^\[\s{0,8}\d{1,10}\.\d{6}\]\s(?=\s*\S)/,
  ],
  digit: [isoTime, clockTime],
  time: [
    // Sat Jan 31 12:00:00 2026, of `iperf3 --timestamps`
    /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s(?:[A-Z]{2,5}\s)?\d{4}:?(?:\s+(?=\S)|$)/,
    // Jan 31 12:00:00 host program[12]:
    /^[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s[\w.-]{1,64}\s[\w./-]{1,64}(?:\[\d{1,10}\])?:\s+(?=\S)/,
  ],
  // server-1  | ..., of container tools
  name: [/^[A-Za-z][\w.-]{0,40}\s+\|\s(?=\s*\S)/],
} as const;

function candidates(text: string): readonly RegExp[] {
  const first = text.charCodeAt(0);
  if (first === 0x5b) return prefixes.bracket;
  if (first >= 0x30 && first <= 0x39) return prefixes.digit;
  const isCapital = first >= 0x41 && first <= 0x5a;
  if (isCapital && text[3] === ' ') return prefixes.time;
  if (!isCapital && (first < 0x61 || first > 0x7a)) return [];
  return text.includes('|') ? prefixes.name : [];
}

/** How many prefixes may stand before each other (a container's, a time, a stream). */
const mostPrefixes = 3;

/** The line without what a logger put before it. Blanks at its start stay: tables are aligned by them. */
export function withoutLogPrefix(line: string): string {
  let text = line;
  for (let round = 0; round < mostPrefixes; round += 1) {
    const shorter = withoutOnePrefix(text);
    if (shorter === null) return text;
    text = shorter;
  }
  return text;
}

function withoutOnePrefix(text: string): string | null {
  for (const prefix of candidates(text)) {
    const match = prefix.exec(text);
    if (match !== null) return text.slice(match[0].length);
  }
  return null;
}

function plainLine(raw: string): string {
  return withoutRemark(withoutOuterQuotes(withoutLogPrefix(cleanLine(raw))));
}

/** @param above lines above the first, added to every number */
export function textLines(lines: readonly string[], above = 0): TextLine[] {
  const plain = lines.map((raw, index) => ({ number: above + index + 1, text: plainLine(raw) }));
  return withJoinedRows(plain);
}
