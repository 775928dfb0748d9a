import type { ReadNote } from './read-note.ts';
import type { AnyReading } from './reading.ts';
import { perfSums, straceSums } from './sums/call-sums.ts';
import { iperfSums } from './sums/iperf-sums.ts';
import { sockperfSums } from './sums/sockperf-sums.ts';
import type { SumFinding } from './sums/sum-finding.ts';

export type { SumFinding } from './sums/sum-finding.ts';

function sumsOf(reading: AnyReading): SumFinding[] {
  switch (reading.kind) {
    case 'transfer':
      return iperfSums(reading);
    case 'latency':
      return sockperfSums(reading.value);
    case 'call-table':
      return straceSums(reading.value);
    case 'thread-tables':
      return perfSums(reading.value);
    case 'bpf-maps':
    case 'message-rate':
    case 'no-figures':
    case 'failure':
      return [];
  }
}

/**
 * Where sums, shares and rates in a note contradict the figures that they are made of, by more than the rounding of them all allows; in the
 * order of lines. What adds up yields nothing. Pure.
 */
export function checkSums(note: ReadNote): SumFinding[] {
  const found = note.sections.flatMap(({ readings }) => readings.flatMap(sumsOf));
  return found.sort((a, b) => a.line - b.line);
}
