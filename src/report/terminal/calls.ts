import type { SystemCalls } from '../../record/probe-readings.ts';
import { type CallRate, callRates, type GroupCallRates, type ThreadCallRates } from '../measurement/call-rates.ts';
import type { WorkloadGroup } from '../measurement/figures.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { tableWidth, widthOf, wrapped } from '../text/table.ts';
import { formatCount, formatNumber } from '../text/units.ts';

/** Calls of one kind of one thread that are shown: more are a long tail of rare ones. */
const mostCalls = 6;
/** Calls rarer than this are start-up and timers, not the path. */
const leastPerUnit = 0.005;

/** `writev 1.00`, kept together when lines are broken. */
function callWords(calls: readonly CallRate[], unit: GroupCallRates['unit']): string[] {
  // Of a whole trace the counts themselves: all of them are figures of the note.
  const isWhole = unit === 'trace';
  const shown = isWhole ? calls : calls.filter((call) => call.perUnit >= leastPerUnit).slice(0, mostCalls);
  const more = calls.length - shown.length;
  return [
    ...shown.map((call) => `${call.call} ${isWhole ? formatCount(call.perUnit) : formatNumber(call.perUnit)}`),
    ...(more > 0 ? [`(+${String(more)} rarer)`] : []),
  ];
}

function kindLines(thread: ThreadCallRates, unit: GroupCallRates['unit'], columns: number): string[] {
  const kinds = [
    { kind: 'work', label: 'work' },
    { kind: 'wait', label: 'wait' },
    { kind: 'run', label: 'run' },
  ] as const;
  return kinds.flatMap(({ kind, label }) => {
    const calls = thread.calls.filter((call) => call.kind === kind);
    if (calls.length === 0) return [];
    // A comma keeps the pairs of name and number apart where several stand in a line.
    const words = callWords(calls, unit).map((word, index, all) => (index < all.length - 1 ? `${word},` : word));
    return wrapped(words.map(printable), columns, { first: `    ${label.padEnd(5)}`, rest: ' '.repeat(9) });
  });
}

/** Who counted, in which window, and what alone where not everything was looked for. */
function sourceText({ source, mode, onlyCalls }: SystemCalls): string {
  if (source === 'procfs-io') return 'reads and writes only, from /proc';
  const only = onlyCalls === null ? '' : `; of ${printable(onlyCalls.join(', '))} alone`;
  return `by ${source}${mode === null ? '' : `, ${mode} window`}${only}`;
}

/** The system calls of one unit of work, by thread: the fingerprint of the VMM's design. */
export function callLines(group: WorkloadGroup, columns: number, paint: Paint): string[] {
  const rates = callRates(group);
  if (rates === null) return [];
  const source = group.measurements.find(({ measurement }) => measurement.systemCalls !== null)?.measurement
    .systemCalls;
  const by = source === null || source === undefined ? '' : sourceText(source);
  const of = rates.unit === 'trace' ? 'of the whole trace' : `a ${rates.unit}`;
  const title = `System calls ${of}: ${printable(group.names.join(' '))}`;
  const isWide = tableWidth([widthOf(title), widthOf(by)]) <= columns;
  return [
    ...(isWide ? [`${paint.heading(title)}  ${paint.faint(by)}`] : [paint.heading(title), paint.faint(`  ${by}`)]),
    ...rates.threads.flatMap((thread) => {
      const lines = kindLines(thread, rates.unit, columns);
      return lines.length === 0
        ? []
        : [`  ${paint.strong(printable(thread.thread))}  ${paint.faint(thread.role ?? '')}`.trimEnd(), ...lines];
    }),
  ];
}
