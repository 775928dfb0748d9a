import { expect, it } from 'vitest';
import { deriveRun } from '../../src/derive/derive.ts';
import type { LoadGrowth } from '../../src/record/load-growth.ts';
import type { Run } from '../../src/record/run.ts';
import { besideText, windowText } from '../../src/report/measurement/describe.ts';
import { growthTable } from '../../src/report/measurement/growth-table.ts';
import { sampleConfiguration, sampleIperf3Spec, sampleSockperfSpec } from '../sample/experiment.ts';
import { sampleRunEnd, sampleRunHeader } from '../sample/run.ts';

function growth(changes: Partial<LoadGrowth>): LoadGrowth {
  return {
    configuration: 'qemu',
    workload: 'loaded',
    alone: 'idle',
    underLoad: ['up', 'down'],
    metric: 'latency.p50',
    ratio: 3.2,
    interval: { low: 2.94, high: 3.48 },
    boots: 5,
    reason: null,
    ...changes,
  };
}

function runOf(loadGrowth: LoadGrowth[], names = ['qemu']): Run {
  const header = sampleRunHeader();
  const configurations = names.map((name) => sampleConfiguration({ name }));
  const experiment = { ...header.experiment, configurations };
  return { ...deriveRun({ header: { ...header, experiment }, trials: [], ends: [sampleRunEnd()] }), loadGrowth };
}

it('has a row a workload: what is beside it, what it is times of, and how many times with the interval', () => {
  const p99 = growth({ metric: 'latency.p99', ratio: 12.34, interval: { low: 9, high: 16.5 } });
  expect(growthTable(runOf([growth({}), p99]))).toEqual({
    header: ['under load', 'beside', 'times', 'p50', 'p99'],
    rows: [['loaded', 'up, down', 'idle', '3.20x [2.94x, 3.48x]', '12.3x [9.00x, 16.5x]']],
    reasons: [],
  });
});

it('says why there is no interval, each reason once, and that nothing was measured', () => {
  const few = { interval: null, boots: 2, reason: 'An interval needs 3 boots, and there are 2.' };
  const none = growth({ metric: 'latency.p99', ratio: null, ...few });
  const table = growthTable(runOf([growth(few), none]));
  expect(table?.rows).toEqual([['loaded', 'up, down', 'idle', '3.20x', 'not measured']]);
  expect(table?.reasons).toEqual([few.reason]);
});

it('tells configurations apart where there are several, and is not there without a shared window', () => {
  const both = [growth({}), growth({ configuration: 'q35' })];
  expect(growthTable(runOf(both, ['qemu', 'q35']))?.rows.map(([name]) => name)).toEqual(['qemu loaded', 'q35 loaded']);
  expect(growthTable(runOf([]))).toBeNull();
});

it('a workload is told with what shares its window', () => {
  const bulk = sampleIperf3Spec({ name: 'up' });
  const other = sampleSockperfSpec({ name: 'more' });
  expect(besideText([])).toBe('');
  expect(besideText([bulk, other])).toBe(
    'beside up (tcp, 4 streams, upload, 30 s) and more (udp, ping-pong, 64 B, 30 s)',
  );
  expect(windowText(other, [bulk])).toBe('udp, ping-pong, 64 B, 30 s, beside up (tcp, 4 streams, upload, 30 s)');
  expect(windowText(other, [])).toBe('udp, ping-pong, 64 B, 30 s');
});
