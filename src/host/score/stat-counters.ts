import { ParseError } from '../../record/error.ts';

/** Counters of /proc/stat since the host's boot (proc_stat(5)). Times in ticks of all CPUs together. */
export interface StatCounters {
  readonly totalTicks: number;
  /** Idle, and waiting for a disk, which leaves the CPU as free. */
  readonly idleTicks: number;
  readonly stealTicks: number;
  readonly interrupts: number;
  readonly contextSwitches: number;
}

/** @throws ParseError */
export function parseStatCounters(text: string): StatCounters {
  const numbers = (label: string): number[] => {
    const line = new RegExp(`^${label} +(.*)$`, 'm').exec(text)?.[1];
    const values = line?.split(' ').map(Number);
    if (values === undefined || values.some(Number.isNaN)) {
      throw new ParseError({ file: '/proc/stat', path: label }, 'no line of numbers');
    }
    return values;
  };
  // Guest times (columns 9 and 10) are in user and nice already.
  const ticks = numbers('cpu').slice(0, 8);
  return {
    totalTicks: ticks.reduce((sum, value) => sum + value, 0),
    idleTicks: (ticks[3] ?? 0) + (ticks[4] ?? 0),
    stealTicks: ticks[7] ?? 0,
    interrupts: numbers('intr')[0] ?? 0,
    contextSwitches: numbers('ctxt')[0] ?? 0,
  };
}

/** Shares of the CPUs' time, 0 to 1, and rates. All 0 where no time has passed. */
export interface StatRates {
  readonly idleShare: number;
  readonly stealShare: number;
  readonly interruptsPerSecond: number;
  readonly contextSwitchesPerSecond: number;
}

export function ratesBetween(opening: StatCounters, closing: StatCounters, durationNs: number): StatRates {
  const ticks = closing.totalTicks - opening.totalTicks;
  // Idle time may go back by a tick (proc_stat(5)).
  const share = (grown: number): number => (ticks > 0 ? Math.min(1, Math.max(0, grown / ticks)) : 0);
  const rate = (grown: number): number => (durationNs > 0 ? grown / (durationNs / 1e9) : 0);
  return {
    idleShare: share(closing.idleTicks - opening.idleTicks),
    stealShare: share(closing.stealTicks - opening.stealTicks),
    interruptsPerSecond: rate(closing.interrupts - opening.interrupts),
    contextSwitchesPerSecond: rate(closing.contextSwitches - opening.contextSwitches),
  };
}
