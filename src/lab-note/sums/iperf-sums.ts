import type { Figure } from '../figure.ts';
import type { Transfer, TransferReading, TransferRow } from '../reading.ts';
import { middle, overlap, quotientOf, type Range, rangeOf, scaled, shown, sumOf } from './rounded-range.ts';
import type { SumFinding } from './sum-finding.ts';

const secondNs = 1e9;

function duration({ startNs, stopNs }: TransferRow): Range {
  const [start, stop] = [rangeOf(startNs), rangeOf(stopNs)];
  const isFromZero = startNs.value === 0;
  return {
    low: (stop.low - (isFromZero ? 0 : start.high)) / secondNs,
    high: (stop.high - (isFromZero ? 0 : start.low)) / secondNs,
  };
}

/** iperf3's JSON gives the ends of a row by one clock and its rate by another: they were up to 0.1 % apart in what was recorded of it. */
const jsonClock = 0.005;

function widened({ low, high }: Range, share: number): Range {
  return { low: low * (1 - share), high: high * (1 + share) };
}

function rateOfRow(row: TransferRow, { format }: Transfer): SumFinding[] {
  const { bytes, bitsPerSecond, line, datagrams, end } = row;
  if (bytes === null || bitsPerSecond === null) return [];
  // Bytes of the sender beside a rate of the receiver.
  if (format === 'json' && datagrams !== null && end === null) return [];
  const rate = quotientOf(scaled(rangeOf(bytes), 8), duration(row));
  const range = rate === null || format !== 'json' ? rate : widened(rate, jsonClock);
  if (range === null || overlap(range, rangeOf(bitsPerSecond))) return [];
  const message = `${bytes.text} in this time are ${middle(range)} bit/s, not ${bitsPerSecond.text}`;
  return [{ line, message, level: 'void' }];
}

function lostShare({ datagrams, line }: TransferRow): SumFinding[] {
  if (datagrams === null || datagrams.lost === null || datagrams.total === null) return [];
  const { lost, total, lostPercent } = datagrams;
  if (lost.value > total.value) {
    return [{ line, message: `${lost.text} datagrams were lost of ${total.text}`, level: 'void' }];
  }
  const share = quotientOf(scaled(rangeOf(lost), 100), rangeOf(total));
  if (lostPercent === null || share === null || overlap(share, rangeOf(lostPercent))) return [];
  const message = `${lost.text} of ${total.text} datagrams are ${middle(share)} %, not ${lostPercent.text}`;
  return [{ line, message, level: 'doubt' }];
}

/** Of a row that ends at once, a second is as long as a run may be. */
const shortestRunNs = 1e9;

/** Jitter is a difference of times inside of the run that ends at `stopNs`. */
export function isJitterPossible(jitterNs: Figure, stopNs: Figure): boolean {
  return jitterNs.value <= Math.max(stopNs.value, shortestRunNs);
}

function jitter({ datagrams, stopNs, line }: TransferRow): SumFinding[] {
  const jitterNs = datagrams?.jitterNs ?? null;
  if (jitterNs === null || isJitterPossible(jitterNs, stopNs)) return [];
  return [{ line, message: `a jitter of ${jitterNs.text} ms is longer than the run`, level: 'void' }];
}

interface Column {
  readonly name: string;
  readonly of: (row: TransferRow) => Figure | null;
  readonly isLoss: boolean;
}

const columns: readonly Column[] = [
  { name: 'bytes', of: ({ bytes }) => bytes, isLoss: false },
  { name: 'retransmits', of: ({ retransmits }) => retransmits, isLoss: false },
  { name: 'lost datagrams', of: ({ datagrams }) => datagrams?.lost ?? null, isLoss: true },
  { name: 'datagrams', of: ({ datagrams }) => datagrams?.total ?? null, isLoss: true },
];
const rate: Column = { name: 'bits per second', of: ({ bitsPerSecond }) => bitsPerSecond, isLoss: false };

/** Rates add up only over one stretch of time. */
function columnsOf(sum: TransferRow, streams: readonly TransferRow[]): readonly Column[] {
  const isOneStretch = streams.every(
    (each) => each.startNs.value === sum.startNs.value && each.stopNs.value === sum.stopNs.value,
  );
  return isOneStretch ? [...columns, rate] : columns;
}

/** Each row's rate is by its own time, which is known to the rounding of its two ends. */
function clockShare({ startNs, stopNs }: TransferRow): number {
  const length = stopNs.value - startNs.value;
  return length <= 0 ? 1 : (2 * (startNs.halfUnit + stopNs.halfUnit)) / length;
}

interface Streams {
  readonly rows: readonly TransferRow[];
  /** No stream can be missing from the note. */
  readonly areAll: boolean;
  /** iperf 2.0 prints 0 lost in the sum whatever the streams lost. */
  readonly areLostSummed: boolean;
}

function sumOfStreams(sum: TransferRow, { rows, areAll, areLostSummed }: Streams): SumFinding[] {
  return columnsOf(sum, rows).flatMap(({ name, of, isLoss }) => {
    const total = of(sum);
    const parts = rows.map(of).filter((each) => each !== null);
    if (total === null || parts.length < rows.length || parts.length === 0) return [];
    if (isLoss && !areLostSummed) return [];
    const added = name === rate.name ? widened(sumOf(parts), clockShare(sum)) : sumOf(parts);
    if (overlap(added, rangeOf(total))) return [];
    const isOpen = added.high < total.value && !areAll;
    const said = `the ${name} of the ${String(parts.length)} streams add up to ${middle(added)}, the sum says ${shown(total.value)}`;
    const found: SumFinding = { line: total.line, message: said, level: 'void' };
    return [isOpen ? { ...found, message: `${said}; or a stream is missing`, level: 'doubt' } : found];
  });
}

function isAlike(a: TransferRow, b: TransferRow): boolean {
  return (
    a.end === b.end && a.role === b.role && (a.datagrams?.lost === undefined) === (b.datagrams?.lost === undefined)
  );
}

function totalSums({ totals, intervals, connections }: Transfer, areLostSummed: boolean): SumFinding[] {
  const known = Math.max(
    connections.length,
    new Set(intervals.filter(({ isSum }) => !isSum).map(({ stream }) => stream)).size,
  );
  const isBoth = totals.some(({ role }) => role !== null);
  return totals
    .filter(({ isSum }) => isSum)
    .flatMap((sum) => {
      const streams = totals.filter((each) => !each.isSum && isAlike(each, sum));
      const names = new Set(streams.map(({ stream }) => stream));
      // Not all streams have a row of this kind, or some have two.
      if (streams.length === 0 || names.size < streams.length || (!isBoth && names.size < known)) return [];
      return sumOfStreams(sum, { rows: streams, areAll: names.size === known, areLostSummed });
    });
}

/** The rows of an interval stand above its sum. */
function intervalSums({ intervals }: Transfer, areLostSummed: boolean): SumFinding[] {
  const names = new Set(intervals.filter(({ isSum }) => !isSum).map(({ stream, role }) => `${stream} ${String(role)}`));
  const found: SumFinding[] = [];
  let above: TransferRow[] = [];
  for (const row of intervals) {
    if (!row.isSum) {
      above.push(row);
      continue;
    }
    const streams = above.filter(({ role }) => role === row.role);
    const count = [...names].filter((name) => name.endsWith(` ${String(row.role)}`)).length;
    const isOneStretch = streams.every(({ startNs }) => startNs.value === row.startNs.value);
    if (streams.length === count && isOneStretch)
      found.push(...sumOfStreams(row, { rows: streams, areAll: true, areLostSummed }));
    above = above.filter(({ role }) => role !== row.role);
  }
  return found;
}

/** With `-O` the two ends leave out stretches that differ; without it they were never this far apart. */
const receivedOver = 1.02;

/** What was received cannot be more than was sent. */
function receivedOfSent({ totals, intervals }: Transfer): SumFinding[] {
  if (intervals.some(({ isOmitted }) => isOmitted)) return [];
  const sent = new Map<string, Figure | null>();
  const keyOf = ({ stream, role }: TransferRow): string => `${stream} ${String(role)}`;
  for (const row of totals) if (row.end === 'sender') sent.set(keyOf(row), row.bytes);
  return totals.flatMap((row) => {
    const { end, bytes, line } = row;
    const before = sent.get(keyOf(row)) ?? null;
    if (end !== 'receiver' || bytes === null || before === null || before.value === 0) return [];
    if (rangeOf(bytes).low <= rangeOf(before).high * receivedOver) return [];
    return [{ line, message: `${bytes.text} were received, and only ${before.text} sent`, level: 'doubt' as const }];
  });
}

/** What in an output of iperf does not add up. */
export function iperfSums({ tool, value }: TransferReading): SumFinding[] {
  const rows = [...value.totals, ...value.intervals];
  const areLostSummed = tool.name === 'iperf3';
  // The JSON of older versions does not say of every row which way it goes.
  const isUnclear = value.format === 'json' && value.direction === 'both';
  return [
    ...rows.flatMap((row) => rateOfRow(row, value)),
    ...rows.flatMap(lostShare),
    ...rows.flatMap(jitter),
    ...(isUnclear ? [] : [...totalSums(value, areLostSummed), ...intervalSums(value, areLostSummed)]),
    ...receivedOfSent(value),
  ];
}
