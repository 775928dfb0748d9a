import type { Finding } from '../record/finding.ts';
import type { Cost, Measurement } from '../record/measurement.ts';

type Concern = Exclude<Finding['concerns'][number], 'all'>;

/** A part of a measurement, one of its costs, or the memory of its VMM, as a comparison names it. */
export type UsableFigure = Concern | 'memory' | Exclude<keyof Cost, 'reasons'>;

/** What must not be void for a figure to stand: a cost rests on what it is made of. */
const restsOn: Readonly<Record<UsableFigure, readonly Concern[]>> = {
  throughput: ['throughput'],
  latency: ['latency'],
  systemCalls: ['systemCalls'],
  cost: ['cost'],
  systemCallsPerRoundTrip: ['cost', 'systemCalls'],
  systemCallsPerGigabyte: ['cost', 'systemCalls'],
  waitCallsPerRoundTrip: ['cost', 'systemCalls'],
  waitCallsPerGigabyte: ['cost', 'systemCalls'],
  guestEntriesPerRoundTrip: ['cost', 'systemCalls'],
  guestEntriesPerGigabyte: ['cost', 'systemCalls'],
  userspaceExitsPerRoundTrip: ['cost'],
  userspaceExitsPerGigabyte: ['cost'],
  kvmExitsPerRoundTrip: ['cost'],
  kvmExitsPerGigabyte: ['cost'],
  vmmCpuNsPerRoundTrip: ['cost'],
  vmmCpuNsPerGigabyte: ['cost'],
  vmmCpuOutsideVcpuNsPerRoundTrip: ['cost'],
  vmmCpuOutsideVcpuNsPerGigabyte: ['cost'],
  bitsPerSecondPerCore: ['cost', 'throughput'],
  // Only what voids all.
  memory: [],
};

/** The findings that void a figure, in order; empty where it stands. */
export function voidingFindings({ findings }: Pick<Measurement, 'findings'>, figure: UsableFigure): Finding[] {
  const bases: readonly Finding['concerns'][number][] = ['all', ...restsOn[figure]];
  return findings.filter((one) => one.level === 'void' && one.concerns.some((concern) => bases.includes(concern)));
}

/** Whether a figure may be used in a comparison: no finding voids it or what it rests on. (A figure that is null is another matter.) */
export function isUsable(measurement: Pick<Measurement, 'findings'>, figure: UsableFigure): boolean {
  return voidingFindings(measurement, figure).length === 0;
}
