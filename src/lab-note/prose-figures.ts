import type { UnreadLine } from './reading.ts';

/** What stands further right on a line is not looked at. */
const longestLine = 2000;
const rate = /(?:[kmgt]i?)?(?:bits?|bytes?|b)(?:\/s(?:ec)?|ps)(?![a-z])|[kmgt]bits?(?![a-z])/i;
const time = /(?:[nuµμm]s|[muµμ]?secs?)(?![a-z])/;
const frequency =
  /(?:pps|rps|mps|qps|(?:req(?:uest)?s?|messages?|msgs?|packets?|pkts?|calls|syscalls|transactions|trans|ops|exits|interrupts)\s?(?:\/\s?s(?:ec)?|per second))(?![a-z])/i;
const unit = new RegExp(`(?<![A-Za-z])(?:${rate.source}|${time.source}|${frequency.source})`, 'i');
const figure = new RegExp(String.raw`\d\s?(?:${rate.source}|${time.source}|${frequency.source})`, 'i');

/** Names of what is measured: the figures below them may have no unit. */
const measure =
  /\b(?:bandwidth|throughput|latenc(?:y|ies)|rtt|bitrate|jitter|retransmits?)\b|带宽|吞吐|延迟|пропускная|задержка|débit|latence|ancho de banda|latencia/i;
/** A row of nothing but numbers, as netperf prints it below a heading of several lines. */
const numbers = /^\s*\d+(?:\.\d+)?(?:\s+\d+(?:\.\d+)?)+\s*$/;
const headed = /\d?\s?(?:bits|bytes)\/s(?:ec)?\b|\bper sec\b/i;

/** `PPS: 1519532`: the unit stands before the number. */
const behindUnit = /(?<![\w/])(?:[kmgt]?bps|[kmg]?pps|[rqt]ps|iops)\s?[:=~]\s?~?\d/i;
const column = /\t+| {2,}/;
const cell = /^\d+(?:[.,]\d+)?$/;

/** Words and numbers that blanks hold in columns, as people and programs lay out tables. */
function isRowOfColumns(text: string): boolean {
  if (!column.test(text.trim())) return false;
  const numbersIn = text
    .split(column)
    .map((each) => each.trim())
    .filter((each) => cell.test(each));
  return numbersIn.length >= 2 && numbersIn.some((each) => /[.,]/.test(each));
}

/** The text has a number with a unit of rate or time. */
export function hasFigure(text: string): boolean {
  return figure.test(text.slice(0, longestLine));
}

/** The lines of each table (one below the other), and each other line by itself. */
function groups(lines: readonly UnreadLine[]): UnreadLine[][] {
  const found: UnreadLine[][] = [];
  for (const each of lines) {
    const last = found.at(-1);
    const above = last?.at(-1);
    const isNext = above?.line === each.line - 1 && above.text.includes('|') && each.text.includes('|');
    if (isNext) last?.push(each);
    else found.push([each]);
  }
  return found;
}

function isFigures(text: string): boolean {
  return figure.test(text) || behindUnit.test(text) || isRowOfColumns(text);
}

/** Numbers of the lines that stand below a heading with a unit and are numbers only. */
function rowsBelowUnits(lines: readonly UnreadLine[]): ReadonlySet<number> {
  const found = new Set<number>();
  let isHeaded = false;
  for (const { line, text } of lines) {
    if (text.trim() === '') continue;
    const isRow = numbers.test(text.slice(0, longestLine));
    if (isRow && isHeaded) found.add(line);
    isHeaded = isRow ? isHeaded : headed.test(text.slice(0, longestLine));
  }
  return found;
}

/**
 * Lines of running text and tables that hold figures with a unit of rate or time: nothing is made of them, as nobody says how they were measured.
 */
export function figuresInProse(lines: readonly UnreadLine[]): UnreadLine[] {
  const rows = rowsBelowUnits(lines);
  return groups(lines.map(({ line, text }) => ({ line, text: text.slice(0, longestLine) }))).flatMap((group) => {
    const isTable = group.length > 1 && group.some(({ text }) => unit.test(text) || measure.test(text));
    return group.filter(({ line, text }) => isFigures(text) || (isTable && /\d/.test(text)) || rows.has(line));
  });
}
