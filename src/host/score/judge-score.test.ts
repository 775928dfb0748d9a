import { describe, expect, it } from 'vitest';
import type { HostScore } from './host-score.ts';
import { judgeHostScore } from './judge-score.ts';

const quiet: HostScore = {
  durationNs: 2e9,
  cpus: 8,
  idleShare: 0.95,
  stealShare: 0,
  ownShare: 0.005,
  interruptsPerSecond: 900,
  contextSwitchesPerSecond: 1800,
  frequencySpread: { minimumHz: 2.95e9, maximumHz: 3e9 },
  timerJitterNs: { p50: 55_000, p99: 80_000, max: 900_000 },
};

const statuses = (score: HostScore): string[] => judgeHostScore(score).map(({ status }) => status);

describe('judgeHostScore', () => {
  it('has nothing against a quiet host', () => {
    expect(statuses(quiet)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it.each<[string, Partial<HostScore>, string]>([
    ['other programs', { idleShare: 0.85 }, 'idle CPU'],
    ['a little work where no CPU is to spare', { cpus: 2 }, 'idle CPU'],
    ['steal', { stealShare: 0.02 }, 'steal'],
    ['clocks apart', { frequencySpread: { minimumHz: 2e9, maximumHz: 3e9 } }, 'frequency spread'],
    ['late timers', { timerJitterNs: { p50: 55_000, p99: 101_000, max: 101_000 } }, 'timer jitter'],
  ])('speaks of %s alone', (_, change, name) => {
    const rows = judgeHostScore({ ...quiet, ...change });
    expect(rows.filter(({ status }) => status === 'degraded').map((row) => row.name)).toEqual([name]);
  });

  it('does not count steal as the work of programs here', () => {
    expect(statuses({ ...quiet, idleShare: 0.5, stealShare: 0.5 })).toEqual(['ok', 'degraded', 'ok', 'ok']);
  });

  it('does not hold against a machine what it does not say', () => {
    const rows = judgeHostScore({ ...quiet, frequencySpread: null, timerJitterNs: null });
    expect(rows.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(rows[2]?.what).toContain('unknown');
  });
});
