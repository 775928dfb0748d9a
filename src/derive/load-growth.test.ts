import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleIperf3Spec, sampleSockperfSpec } from '../../test/sample/experiment.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import type { Trial } from '../record/trial.ts';
import { judgedTrial } from './derive.ts';
import { loadGrowthsOf } from './load-growth.ts';

const idle = sampleSockperfSpec({ name: 'idle' });
const loaded = sampleSockperfSpec({ name: 'loaded', durationNs: 10e9 });
const load = sampleIperf3Spec({ name: 'load' });
const configuration = sampleConfiguration({ workloads: [idle, loaded, load], together: [['loaded', 'load']] });

function trial(boot: number, [alone, under]: readonly [number | null, number | null]): Trial {
  const measured = (spec: typeof idle, meanNs: number | null, underLoad: string[]) => {
    if (meanNs === null) return [];
    const one = sampleSockperfMeasurement({ meanNs, spec });
    return [{ ...one, workload: spec.name, ...(underLoad.length === 0 ? {} : { underLoad }) }];
  };
  const measurements = [...measured(idle, alone, []), ...measured(loaded, under, ['load'])];
  const whole = sampleTrial({ trialId: `boot-${String(boot)}`, boot, configuration, measurements });
  return judgedTrial(whole, { source: { kind: 'measured' }, host: null });
}

describe('loadGrowthsOf', () => {
  it('is the geometric mean of the ratios within boots, however much the boots differ', () => {
    const trials = [trial(1, [50_000, 100_000]), trial(2, [200_000, 1_600_000]), trial(3, [80_000, 320_000])];
    const [p50, p99] = loadGrowthsOf([configuration], trials);
    expect(p50).toMatchObject({
      workload: 'loaded',
      alone: 'idle',
      underLoad: ['load'],
      metric: 'latency.p50',
      boots: 3,
    });
    // 2, 8 and 4 times.
    expect(p50?.ratio).toBeCloseTo(4, 3);
    expect(p50?.interval?.low).toBeLessThan(4);
    expect(p50?.interval?.high).toBeGreaterThan(4);
    expect(p99?.metric).toBe('latency.p99');
  });

  it('leaves out a boot that has not both, and says why there is no interval', () => {
    const growth = loadGrowthsOf([configuration], [trial(1, [50_000, 100_000]), trial(2, [50_000, null])]);
    expect(growth[0]).toMatchObject({ boots: 1, interval: null, reason: 'An interval needs 3 boots, and there is 1.' });
    expect(growth[0]?.ratio).toBeCloseTo(2, 3);
  });

  it('has none where the requests alone are others than those under load', () => {
    const other = { ...configuration, workloads: [{ ...idle, messageBytes: 1400 }, loaded, load] };
    expect(loadGrowthsOf([other], [trial(1, [50_000, 100_000])])).toEqual([]);
  });

  it('has none where no window is shared', () => {
    const alone = sampleConfiguration({ workloads: configuration.workloads });
    expect(loadGrowthsOf([alone], [trial(1, [50_000, 100_000])])).toEqual([]);
  });
});
