import { describe, expect, it } from 'vitest';
import { around } from '../../test/sample/compared-run.ts';
import {
  sampleConfiguration,
  sampleExperiment,
  sampleIperf3Spec,
  sampleSockperfSpec,
} from '../../test/sample/experiment.ts';
import { metricHistory } from '../record/metric-history.ts';
import { knownMetric } from './known-metric.ts';
import { chosenFor, type MeasuredPoint, metricHistoryOf } from './metric-history.ts';

const metric = knownMetric('latency.p99', '');

function point(day: number, changes: Partial<MeasuredPoint> = {}): MeasuredPoint {
  const startedAt = new Date(Date.UTC(2025, 0, day, 12)).toISOString();
  const place = { configuration: 'qemu', workload: 'sockperf', fingerprint: 'f0f0' };
  return {
    runId: `run-${String(day)}`,
    startedAt,
    tags: [],
    ...place,
    values: around(140_000, 0.01, 5),
    chosen: new Map(),
    ...changes,
  };
}

describe('metricHistoryOf', () => {
  it('gives each run its mean over boots with an interval', () => {
    const { series } = metricHistoryOf(metric, [point(1), point(2, { values: [1, 2] })], undefined);
    expect(series[0]?.points.map(({ runId, estimate }) => [runId, estimate.boots, estimate.interval !== null])).toEqual(
      [
        ['run-1', 5, true],
        ['run-2', 2, false],
      ],
    );
  });

  it('marks the run with which the level changes', () => {
    const days = Array.from({ length: 12 }, (_, at) => at + 1);
    const points = days.map((day) => point(day, { values: around(day > 7 ? 150_000 : 140_000 + 10 * day, 0.01, 5) }));
    const history = metricHistoryOf(metric, points, undefined);
    const changed = history.series[0]?.points.filter(({ change }) => change !== null);
    expect(changed?.map(({ runId }) => runId)).toEqual(['run-8']);
    expect(changed?.[0]?.change?.ratio).toBeCloseTo(150 / 140, 2);
    expect(metricHistory.parse(history)).toEqual(history);
  });

  it('shows the host of the newest run, and counts the others', () => {
    const points = [point(1, { fingerprint: 'aaaa' }), point(2, { fingerprint: 'aaaa' }), point(3)];
    expect(metricHistoryOf(metric, points, undefined)).toMatchObject({ fingerprint: 'f0f0', otherRuns: 2 });
    expect(metricHistoryOf(metric, points, 'aa')).toMatchObject({ otherRuns: 1, series: [{ fingerprint: 'aaaa' }] });
    expect(metricHistoryOf(metric, points, null).series).toHaveLength(2);
  });

  it('never mixes runs that differ in what was chosen, and says in what', () => {
    const chosen = (mtu: string) =>
      new Map([
        ['nic.mtu', mtu],
        ['vmm.kind', 'qemu'],
      ]);
    const points = [
      point(1, { chosen: chosen('1500') }),
      point(2, { chosen: chosen('9000') }),
      point(3, { chosen: chosen('1500') }),
    ];
    const { series } = metricHistoryOf(metric, points, undefined);
    expect(series.map((one) => [one.distinction, one.points.map(({ runId }) => runId)])).toEqual([
      [{ 'nic.mtu': '1500' }, ['run-1', 'run-3']],
      [{ 'nic.mtu': '9000' }, ['run-2']],
    ]);
  });

  it('is empty where no run has the metric', () => {
    expect(metricHistoryOf(metric, [], undefined)).toMatchObject({ fingerprint: null, series: [] });
  });
});

describe('chosenFor', () => {
  const chosen = (streams: number, name: string) => {
    const workloads = [sampleIperf3Spec({ streams }), sampleSockperfSpec()];
    const experiment = sampleExperiment({ name, configurations: [sampleConfiguration({ workloads })] });
    return (workload: string) => [...chosenFor({ experiment }, 'qemu', workload)];
  };

  it('differs where the workload does, and not by another workload or the name of the experiment', () => {
    const [one, four] = [chosen(1, 'x'), chosen(4, 'y')];
    expect(one('iperf3')).not.toEqual(four('iperf3'));
    expect(one('sockperf')).toEqual(four('sockperf'));
  });
});
