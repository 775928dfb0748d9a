import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { samplePathFacts } from '../../test/sample/guest-facts.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { pathMtu } from './path-mtu.ts';

describe('path-mtu', () => {
  it('is silent where both ends have the MTU of the configuration, or are not known', () => {
    expect(pathMtu.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
    const trial = sampleTrial({ guest: null, path: null });
    expect(pathMtu.judge(sampleContext(sampleSockperfMeasurement(), { trial }))).toEqual([]);
  });

  it('doubts a path with another MTU at one end', () => {
    const trial = sampleTrial({ path: samplePathFacts({ mtu: 9_000 }) });
    expect(pathMtu.judge(sampleContext(sampleSockperfMeasurement(), { trial }))).toMatchObject([
      { level: 'doubt', message: 'the host has an MTU of 9000; the experiment asked for 1500' },
    ]);
  });
});
