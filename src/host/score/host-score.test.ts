import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineFolder } from '../../../test/sample/machine-folder.ts';
import { machineFiles } from '../machine-files.ts';
import { currentFrequencies } from './frequencies.ts';
import { measureHostScore } from './host-score.ts';
import { parseStatCounters, ratesBetween } from './stat-counters.ts';
import { summarizeLateness } from './timer-lateness.ts';

const opening = 'cpu  100 0 100 800 100 0 0 10 5 5\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5000 1 2\nctxt 7000\nbtime 1\n';
const closing = 'cpu  110 0 110 950 120 0 0 20 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 6000 1 2\nctxt 7500\nbtime 1\n';

describe('parseStatCounters', () => {
  it('takes the sum of all CPUs, without guest time, which is in user time', () => {
    expect(parseStatCounters(opening)).toEqual({
      totalTicks: 1110,
      idleTicks: 900,
      stealTicks: 10,
      interrupts: 5000,
      contextSwitches: 7000,
    });
  });

  it.each(['', 'cpu  1 2 x\nintr 1\nctxt 1\n', 'cpu  1 2 3 4 5 6 7 8\nctxt 1\n'])('refuses %j', (text) => {
    expect(() => parseStatCounters(text)).toThrow('/proc/stat');
  });
});

describe('ratesBetween', () => {
  it('gives shares of the time of all CPUs, and rates', () => {
    // 200 ticks: 20 of work, 170 idle or waiting for a disk, 10 stolen.
    expect(ratesBetween(parseStatCounters(opening), parseStatCounters(closing), 2e9)).toEqual({
      idleShare: 0.85,
      stealShare: 0.05,
      interruptsPerSecond: 500,
      contextSwitchesPerSecond: 250,
    });
  });

  it('is never outside of 0 and 1, as idle time may go back', () => {
    const ticks = fc.nat(1e6);
    const counters = fc.record({
      totalTicks: ticks,
      idleTicks: ticks,
      stealTicks: ticks,
      interrupts: ticks,
      contextSwitches: ticks,
    });
    fc.assert(
      fc.property(counters, counters, (first, last) => {
        const { idleShare, stealShare } = ratesBetween(first, last, 1e9);
        expect(Math.min(idleShare, stealShare)).toBeGreaterThanOrEqual(0);
        expect(Math.max(idleShare, stealShare)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('currentFrequencies', () => {
  const policy = '/sys/devices/system/cpu/cpufreq/policy';
  it.each([
    [
      'cpufreq',
      { [`${policy}0/scaling_cur_freq`]: '1200000\n', [`${policy}1/scaling_cur_freq`]: '3400000\n' },
      [1.2e9, 3.4e9],
    ],
    ['its counters', { '/proc/cpuinfo': 'cpu MHz\t\t: 2596.134\nflags\t\t: fpu aperfmperf\n' }, [2596.134e6]],
    ['the nominal frequency only', { '/proc/cpuinfo': 'cpu MHz\t\t: 2596.134\nflags\t\t: fpu\n' }, []],
    ['nothing', {}, []],
  ])('of a machine that tells by %s', (_, files, expected) => {
    const root = machineFolder(files);
    expect(currentFrequencies(machineFiles(root))).toEqual(expected);
    rmSync(root, { recursive: true });
  });
});

describe('summarizeLateness', () => {
  it('takes percentiles by nearest rank', () => {
    const lateNs = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summarizeLateness(lateNs)).toEqual({ p50: 100, p99: 198, max: 200 });
  });

  it('has nothing to say of no sleeps', () => {
    expect(summarizeLateness([])).toBeNull();
  });
});

describe('measureHostScore', () => {
  it('measures this machine', async () => {
    const score = await measureHostScore({ durationMs: 120 });
    expect(score.durationNs).toBeGreaterThanOrEqual(120e6);
    expect(score.cpus).toBeGreaterThan(0);
    expect(score.idleShare + score.stealShare).toBeLessThanOrEqual(1);
    expect(score.interruptsPerSecond).toBeGreaterThan(0);
    // A timer never fires early, but the two readings of the clock have their rounding.
    expect(score.timerJitterNs?.p50).toBeGreaterThan(-1e3);
    expect(score.timerJitterNs?.max).toBeGreaterThanOrEqual(score.timerJitterNs?.p99 ?? Number.POSITIVE_INFINITY);
  });
});
