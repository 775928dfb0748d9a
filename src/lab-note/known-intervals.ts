import type { NoteCommand } from './command/command.ts';
import { reportIntervalNs, toolCommand } from './command/tool-command.ts';
import type { AnyReading, TransferReading } from './reading.ts';
import { firstFrom } from './record/in-order.ts';

/** A row is as long as an interval within the tool's own rounding and delay. */
const sameSpan = 0.05;
/** A run that is hardly longer than its interval has both. */
const leastIntervals = 1.5;

/** The length of the intervals that a call asks for, where its run is longer; null elsewhere. */
function intervalOf(command: NoteCommand): number | null {
  const asked = toolCommand(command);
  const interval = reportIntervalNs(command);
  if (asked?.kind !== 'bulk' || interval === null) return null;
  const isLonger = asked.role === 'server' || asked.durationNs === null || asked.durationNs > interval * leastIntervals;
  return isLonger ? interval : null;
}

function isFirstInterval({ value }: TransferReading, intervalNs: number): boolean {
  const { intervals, totals } = value;
  return (
    intervals.length === 0 &&
    totals.every(
      ({ end, startNs, stopNs }) =>
        end === null && startNs.value === 0 && Math.abs(stopNs.value - intervalNs) <= intervalNs * sameSpan,
    )
  );
}

/** Outputs that end behind their first interval: what looks like a total is none, as the command above asks for a longer run. */
export function withKnownIntervals(readings: readonly AnyReading[], commands: readonly NoteCommand[]): AnyReading[] {
  const calls = commands.filter((each) => toolCommand(each)?.kind === 'bulk');
  if (calls.length === 0) return [...readings];
  return readings.map((reading) => {
    if (reading.kind !== 'transfer') return reading;
    const command = calls[firstFrom(calls, ({ line }) => line, reading.lines[0] ?? 1) - 1];
    const intervalNs = command === undefined ? null : intervalOf(command);
    if (intervalNs === null || !isFirstInterval(reading, intervalNs)) return reading;
    return { ...reading, value: { ...reading.value, intervals: reading.value.totals, totals: [] } };
  });
}
