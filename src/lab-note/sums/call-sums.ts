import type { Figure } from '../figure.ts';
import type { CallTable, CallTotal, ThreadTables, TracedThread } from '../reading.ts';
import { middle, overlap, quotientOf, type Range, rangeOf, scaled, sumOf } from './rounded-range.ts';
import type { SumFinding } from './sum-finding.ts';

type Column = 'calls' | 'errors' | 'timeNs' | 'timePercent';
const columns: readonly (readonly [Column, string])[] = [
  ['calls', 'calls'],
  ['errors', 'errors'],
  ['timeNs', 'times in ns'],
  ['timePercent', 'percentages'],
];

function columnSum({ calls, total }: CallTable, column: Column, name: string): SumFinding[] {
  const says = total?.[column] ?? null;
  const parts = calls.map((each) => each[column]).filter((each) => each !== null);
  if (says === null || parts.length === 0) return [];
  // Of no time at all strace prints 100 % of 0.
  if (column === 'timePercent' && (total?.timeNs?.value ?? 0) === 0) return [];
  const added = sumOf(parts);
  if (overlap(added, rangeOf(says))) return [];
  const message = `the ${name} add up to ${middle(added)}, the total says ${says.text}`;
  // A percentage is rounded up or down as a whole; a row that was cut off the table is missing from all of them.
  return [{ line: says.line, message, level: column === 'calls' ? 'void' : 'doubt' }];
}

function share({ timePercent, timeNs }: CallTotal, whole: Range): SumFinding[] {
  if (timePercent === null || timeNs === null) return [];
  const ratio = quotientOf(scaled(rangeOf(timeNs), 100), whole);
  if (ratio === null || overlap(ratio, rangeOf(timePercent))) return [];
  const message = `${timeNs.text} s of the total are ${middle(ratio)} %, not ${timePercent.text}`;
  return [{ line: timePercent.line, message, level: 'doubt' }];
}

/** What in a table of `strace -c` does not add up. */
export function straceSums(table: CallTable): SumFinding[] {
  const sums = columns.flatMap(([column, name]) => columnSum(table, column, name));
  const whole = table.total?.timeNs ?? null;
  if (whole === null || sums.length > 0) return sums;
  const range = rangeOf(whole);
  return table.calls.flatMap((each) => share(each, range));
}

/** All events of the trace, as one thread's count and its percentage say. */
function allEvents({ events, eventsPercent }: TracedThread): Range | null {
  if (events === null || eventsPercent === null || eventsPercent.value === 0) return null;
  return quotientOf(scaled(rangeOf(events), 100), rangeOf(eventsPercent));
}

function shareOfEvents({ threads }: ThreadTables): SumFinding[] {
  const told: { thread: TracedThread; all: Range; percent: Figure }[] = [];
  for (const thread of threads) {
    const all = allEvents(thread);
    if (all !== null && thread.eventsPercent !== null) told.push({ thread, all, percent: thread.eventsPercent });
  }
  const counted = threads.reduce((sum, { events }) => sum + (events?.value ?? 0), 0);
  const over = sumOf(threads.map(({ eventsPercent }) => eventsPercent).filter((each) => each !== null));
  const [first] = told;
  if (first === undefined) return [];
  if (over.low > 100) {
    const message = `the percentages of the threads add up to ${middle(over)}`;
    return [{ line: first.percent.line, message, level: 'doubt' }];
  }
  // The thread with most events tells the total best.
  const best = told.reduce((a, b) => (b.percent.value > a.percent.value ? b : a));
  const whole = { low: Math.max(best.all.low, counted), high: best.all.high };
  return told.flatMap(({ thread, all, percent }) => {
    if (thread !== best.thread ? overlap(all, best.all) : whole.low <= whole.high) return [];
    const message = `${thread.events?.text ?? ''} events are not ${percent.text} % of what the other threads' counts say`;
    return [{ line: percent.line, message, level: 'doubt' as const }];
  });
}

function averages({ calls }: TracedThread): SumFinding[] {
  return calls.flatMap(({ calls: count, totalNs, averageNs, name }) => {
    if (totalNs === null || averageNs === null) return [];
    const mean = quotientOf(rangeOf(totalNs), rangeOf(count));
    if (mean === null || overlap(mean, rangeOf(averageNs))) return [];
    const message = `${count.text} calls of ${name} in ${totalNs.text} ms are ${middle(mean)} ns each, not ${averageNs.text} ms`;
    return [{ line: averageNs.line, message, level: 'doubt' as const }];
  });
}

/** What in the tables of `perf trace -s` does not add up. */
export function perfSums(tables: ThreadTables): SumFinding[] {
  return [...shareOfEvents(tables), ...tables.threads.flatMap(averages)];
}
