import { setImmediate } from 'node:timers/promises';
import { monotonicNs } from '../../lab/clock.ts';
import { cpuFacts } from '../cpu-facts.ts';
import { machineFiles } from '../machine-files.ts';
import { currentFrequencies } from './frequencies.ts';
import { parseStatCounters, ratesBetween, type StatRates } from './stat-counters.ts';
import { lateSleeps, summarizeLateness, type TimerLateness } from './timer-lateness.ts';

/** How quiet this host is, over one stretch. */
export interface HostScore extends StatRates {
  readonly durationNs: number;
  readonly cpus: number;
  /** CPU time of this process, of all CPUs' time: part of what was not idle. */
  readonly ownShare: number;
  /** Slowest and fastest clock seen on any CPU, idle ones too, Hz; null where the machine does not say. */
  readonly frequencySpread: { readonly minimumHz: number; readonly maximumHz: number } | null;
  /** null where there was time for no sleep. */
  readonly timerJitterNs: TimerLateness | null;
}

/** Between two looks at the frequencies: seldom enough to cost nothing. */
const sliceMs = 100;

function spread(frequencies: readonly number[]): HostScore['frequencySpread'] {
  if (frequencies.length === 0) return null;
  return { minimumHz: Math.min(...frequencies), maximumHz: Math.max(...frequencies) };
}

/**
 * Watches the host and sleeps. The event loop of the caller stands still for 100 ms at a time meanwhile.
 * @throws ParseError where /proc/stat can't be read
 */
export async function measureHostScore({ durationMs }: { durationMs: number }): Promise<HostScore> {
  const files = machineFiles();
  const counters = (): ReturnType<typeof parseStatCounters> => parseStatCounters(files.text('/proc/stat') ?? '');
  const startNs = monotonicNs();
  const cpuBefore = process.cpuUsage();
  const opening = counters();
  const frequencies = currentFrequencies(files);
  const lateNs: number[] = [];
  for (let leftMs = durationMs; leftMs > 0; leftMs = durationMs - (monotonicNs() - startNs) / 1e6) {
    lateNs.push(...lateSleeps(Math.min(sliceMs, leftMs)));
    frequencies.push(...currentFrequencies(files));
    await setImmediate();
  }
  const closing = counters();
  const own = process.cpuUsage(cpuBefore);
  const durationNs = monotonicNs() - startNs;
  const cpus = cpuFacts('', files).logicalCpus;
  return {
    durationNs,
    cpus,
    ...ratesBetween(opening, closing, durationNs),
    ownShare: ((own.user + own.system) * 1e3) / (durationNs * cpus),
    frequencySpread: spread(frequencies),
    timerJitterNs: summarizeLateness(lateNs),
  };
}
