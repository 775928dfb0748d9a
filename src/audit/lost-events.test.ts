import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleCall } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { lostEvents } from './lost-events.ts';

function levels(lost: number | null) {
  const measurement = sampleSockperfMeasurement();
  const { systemCalls } = measurement;
  if (systemCalls === null) throw new Error('the sample was traced');
  const threads = [{ tid: 1, name: 'vmm', role: 'vmm' as const, calls: [sampleCall('read', 9_900)] }];
  const changed = { ...measurement, systemCalls: { ...systemCalls, lostEvents: lost, threads } };
  return lostEvents.judge(sampleContext(changed)).map((finding) => finding.level);
}

describe('lost-events', () => {
  it('is silent where none were lost or the source cannot know', () => {
    expect(levels(0)).toEqual([]);
    expect(levels(null)).toEqual([]);
  });

  it('doubts counts that miss up to one event in a hundred and voids them beyond', () => {
    expect(levels(1)).toEqual(['doubt']);
    expect(levels(100)).toEqual(['doubt']);
    expect(levels(101)).toEqual(['void']);
  });
});
