import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleConfiguration, sampleIperf3Spec, sampleSockperfSpec } from '../../test/sample/experiment.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import { loadCover } from './load-cover.ts';

/** Requests of 10 s, which begin 2 s after their client. */
function judge(load: WorkloadSpec, underLoad = [load.name]) {
  const spec = sampleSockperfSpec({ durationNs: 10e9 });
  const measurement = { ...sampleSockperfMeasurement({ spec }), underLoad };
  const configuration = sampleConfiguration({ workloads: [spec, load] });
  const trial = sampleTrial({ configuration, measurements: [measurement] });
  return loadCover.judge(sampleContext(measurement, { trial }));
}

describe('load-cover', () => {
  it('is silent where the load is under way during nine tenths of the requests', () => {
    expect(judge(sampleIperf3Spec({ name: 'load', durationNs: 14e9 }))).toEqual([]);
    expect(judge(sampleIperf3Spec({ name: 'load', durationNs: 11e9 }))).toEqual([]);
  });

  it('doubts a latency whose load ended early', () => {
    expect(judge(sampleIperf3Spec({ name: 'load', durationNs: 10e9 }))).toEqual([
      {
        level: 'doubt',
        audit: 'load-cover',
        message: 'load was not under way for 20 % of the requests: let it run longer',
        concerns: ['latency'],
      },
    ]);
  });

  it('asks nothing of small requests beside them, nor of a window that is not shared', () => {
    expect(judge(sampleSockperfSpec({ name: 'load', durationNs: 1e9 }))).toEqual([]);
    expect(judge(sampleIperf3Spec({ name: 'load', durationNs: 1e9 }), [])).toEqual([]);
  });
});
