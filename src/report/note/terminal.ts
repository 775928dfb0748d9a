import type { ReadNote, ReadSection } from '../../lab-note/read-note.ts';
import type {
  AnyReading,
  LatencyFigures,
  MapPrints,
  MessageRate,
  ThreadTables,
  Transfer,
  TransferRow,
} from '../../lab-note/reading.ts';
import { type Paint, paint as paintOf } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';
import { formatCount, formatRate, formatTime } from '../text/units.ts';

export interface NoteReportOptions {
  readonly columns: number;
  readonly isColor: boolean;
}

/** Lines of one section that are shown at most for each kind of thing: a note may hold thousands. `--json` has all. */
const mostLines = 40;

function rowText(row: TransferRow): string {
  const rate = row.bitsPerSecond === null ? 'no rate' : formatRate(row.bitsPerSecond.value);
  const who = row.isSum ? 'sum' : `stream ${row.stream}`;
  const end = row.end === null ? '' : ` ${row.end}`;
  const resent = row.retransmits === null ? '' : `, ${formatCount(row.retransmits.value)} retransmits`;
  const loss = row.datagrams?.lost ?? null;
  const lost =
    loss === null ? '' : `, ${formatCount(loss.value)} of ${formatCount(row.datagrams?.total?.value ?? 0)} lost`;
  return `${who}${end} ${rate}${resent}${lost}`;
}

function transferTexts(value: Transfer): string[] {
  const what = [value.protocol, value.direction, value.isServerOutput ? "the server's output" : null];
  const head = what.filter((word) => word !== null).join(', ');
  const rows = value.totals.length > 0 ? value.totals : value.intervals;
  const parts = value.totals.length > 0 ? '' : ' (no totals: its intervals)';
  return [`${head}${parts}`.trim(), ...rows.map(rowText)].filter((text) => text !== '');
}

function latencyTexts(value: LatencyFigures): string[] {
  const meaning = value.meaning ?? 'latency, and nothing says whether of half a round trip or all of it';
  const time = (name: string, figure: { value: number } | null): string[] =>
    figure === null ? [] : [`${name} ${formatTime(figure.value)}`];
  const figures = [
    ...time('mean', value.meanNs ?? value.summaryNs),
    ...time('stddev', value.stddevNs),
    ...time('min', value.minNs),
    ...value.percentiles.map(({ percent, ns }) => `p${String(percent.value)} ${formatTime(ns.value)}`),
    ...time('max', value.maxNs),
  ];
  const messages = value.observations ?? value.valid?.received ?? null;
  const count = messages === null ? '' : `, ${formatCount(messages.value)} messages`;
  const lost =
    value.dropped === null || value.dropped.value === 0 ? '' : `, ${formatCount(value.dropped.value)} dropped`;
  return [`${meaning.replaceAll('-', ' ')}${count}${lost}`, ...figures];
}

function rateTexts(value: MessageRate): string[] {
  return [
    ...(value.messagesPerSecond === null ? [] : [`${formatCount(value.messagesPerSecond.value)} messages/s sent`]),
    ...(value.bitsPerSecond === null ? [] : [`${formatRate(value.bitsPerSecond.value)} sent`]),
  ];
}

function mapTexts(value: MapPrints): string[] {
  const shown = value.prints.filter(({ part }) => part !== 'interval');
  const prints = shown.length > 0 ? shown : value.prints.slice(-1);
  const lost = value.lostEvents === null ? [] : [`${formatCount(value.lostEvents.value)} events lost`];
  const entries = prints.flatMap(({ maps }) =>
    maps.flatMap(({ name, entries: rows }) =>
      rows.map(({ key, value: figure }) => `${name}[${key.join(', ')}] ${formatCount(figure.value)}`),
    ),
  );
  const intervals = value.prints.length - prints.length;
  return [...entries, ...lost, ...(intervals === 0 ? [] : [`and ${String(intervals)} interval prints`])];
}

function threadTexts({ threads }: ThreadTables): string[] {
  return threads.flatMap(({ name, calls }) =>
    calls.map((call) => `${name ?? 'all threads'}: ${call.name} ${formatCount(call.calls.value)}`),
  );
}

/** What one output says: a line for the head and one for each further figure. */
function readingTexts(reading: AnyReading): string[] {
  switch (reading.kind) {
    case 'transfer':
      return transferTexts(reading.value);
    case 'latency':
      return latencyTexts(reading.value);
    case 'message-rate':
      return rateTexts(reading.value);
    case 'bpf-maps':
      return mapTexts(reading.value);
    case 'thread-tables':
      return threadTexts(reading.value);
    case 'call-table':
      return reading.value.calls.map(({ name, calls }) => `${name} ${formatCount(calls?.value ?? 0)}`);
    case 'no-figures':
      return [`${reading.value.side ?? 'a tool'} that printed no figures`];
    case 'failure':
      return [`failed: ${reading.value.message}`];
  }
}

function readingLines(reading: AnyReading, columns: number): string[] {
  const { name, version } = reading.tool;
  const tool = version === null ? name : `${name} ${version}`;
  const texts = readingTexts(reading);
  const more = texts.length > mostLines ? [`and ${String(texts.length - mostLines)} more`] : [];
  const text = [...texts.slice(0, mostLines), ...more].map(printable).join('; ');
  const where = reading.topology === undefined ? '' : ` (${reading.topology})`;
  const head = `  line ${String(reading.lines[0] ?? 0)} ${printable(tool)}${where}: `;
  return wrapped(text.split(' '), columns, { first: head, rest: '    ' });
}

function limited<T>(items: readonly T[], lineOf: (item: T) => string): string[] {
  const more = items.length - mostLines;
  return [...items.slice(0, mostLines).map(lineOf), ...(more > 0 ? [`  ... and ${String(more)} more`] : [])];
}

/** What a report of tapbench carries for programs: the names of the parts. */
function partLines({ parts }: ReadSection, columns: number): string[] {
  const [first] = parts;
  if (first === undefined) return [];
  const words = parts
    .map(({ name }) => name)
    .join(', ')
    .split(' ');
  return wrapped(words, columns, { first: `  line ${String(first.line)} exact: `, rest: '    ' });
}

function sectionLines(section: ReadSection, columns: number, paint: Paint): string[] {
  const title = section.path.length === 0 ? '(no heading)' : section.path.map(printable).join(' > ');
  const where = section.topology ?? 'topology not said';
  const sideOf = (side: ReadSection['commands'][number]['side']): string =>
    side === null
      ? '?'
      : side.place === null && side.role === null
        ? side.text
        : [side.place, side.role, side.number].filter((word) => word !== null).join(' ');
  return [
    `${paint.strong(title)} ${paint.faint(`line ${String(section.line)}, ${where}`)}`,
    ...limited(section.commands, ({ side, text }) =>
      paint.faint(`  ${printable(sideOf(side)).padEnd(6)} ${printable(text)}`),
    ),
    ...section.readings.slice(0, mostLines).flatMap((reading) => readingLines(reading, columns)),
    ...(section.readings.length > mostLines
      ? [`  ... and ${String(section.readings.length - mostLines)} more outputs`]
      : []),
    ...partLines(section, columns),
    ...section.notRecorded.map((line) => paint.warning(`  not recorded: the block on line ${String(line)} is empty`)),
    ...limited(section.notUnderstood, ({ line, text }) =>
      paint.warning(`  not understood, line ${String(line)}: ${printable(text).slice(0, Math.max(20, columns - 30))}`),
    ),
  ];
}

/** A lab note as it was read, for people at a terminal: by section, with the lines that nothing was made of. Ends in a newline. */
export function noteReport(note: ReadNote, options: NoteReportOptions): string {
  const paint = paintOf(options.isColor);
  const blocks = note.sections.map((section) => sectionLines(section, options.columns, paint).join('\n'));
  const count = (of: (section: ReadSection) => readonly unknown[]): number =>
    note.sections.reduce((sum, section) => sum + of(section).length, 0);
  const summary =
    `${String(count(({ readings }) => readings))} outputs, ${String(count(({ commands }) => commands))} commands, ` +
    `${String(count(({ notRecorded }) => notRecorded))} empty blocks, ${String(count(({ notUnderstood }) => notUnderstood))} lines not understood`;
  return `${[...blocks, summary].join('\n\n')}\n`;
}
