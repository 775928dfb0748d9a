import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleLink } from '../../test/sample/probe-readings.ts';
import type { Finding } from '../record/finding.ts';
import type { VmmCounters } from '../record/probe-readings.ts';
import { vmmCounters } from './vmm-counters.ts';

const link = sampleLink({ packets: 1_000_000, bytes: 1_500_000_000 }, { packets: 200_000, bytes: 13_200_000 });
const exact: VmmCounters = {
  source: 'a VMM',
  fromGuest: { packets: 1_000_000, bytes: 1_500_000_000 },
  toGuest: { packets: 200_000, bytes: 13_200_000 },
  counters: {},
};

function judged(counted: Partial<VmmCounters> | null): Finding[] {
  const reading = counted === null ? null : { ...exact, ...counted };
  return vmmCounters.judge(sampleContext({ ...sampleIperf3Measurement(), link, vmmCounters: reading }));
}

describe('vmm-counters', () => {
  it('is silent where VMM and tap count the same, with the virtio header or without', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ fromGuest: { packets: 1_000_005, bytes: 1_512_000_400 } })).toEqual([]);
    expect(judged({ toGuest: { packets: 200_002, bytes: 15_600_100 } })).toEqual([]);
  });

  it('is silent on counters that the VMM does not have, and without a link', () => {
    expect(judged(null)).toEqual([]);
    expect(judged({ fromGuest: { packets: null, bytes: null } })).toEqual([]);
    const unlinked = { ...sampleIperf3Measurement(), link: null, vmmCounters: exact };
    expect(vmmCounters.judge(sampleContext(unlinked))).toEqual([]);
  });

  it('doubts packets that only one of the two saw', () => {
    expect(judged({ fromGuest: { packets: 900_000, bytes: 1_500_000_000 } })).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('900,000 packets out of the guest') as string },
    ]);
    expect(judged({ toGuest: { packets: 230_000, bytes: null } })).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('into the guest') as string },
    ]);
  });

  it('doubts bytes beyond what headers and edges explain', () => {
    expect(judged({ fromGuest: { packets: 1_000_000, bytes: 1_540_000_000 } })).toMatchObject([{ level: 'doubt' }]);
    expect(judged({ fromGuest: { packets: null, bytes: 1_400_000_000 } })).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('fewer than') as string },
    ]);
  });

  it('leaves a VMM alone whose packets vhost moves', () => {
    const context = sampleContext({
      ...sampleIperf3Measurement(),
      link,
      vmmCounters: { ...exact, fromGuest: { packets: 0, bytes: 0 } },
    });
    const { path } = context.trial;
    if (path === null) throw new Error('the sample has a path');
    expect(vmmCounters.judge(context)).toHaveLength(1);
    expect(
      vmmCounters.judge({ ...context, trial: { ...context.trial, path: { ...path, notification: 'vhost' } } }),
    ).toEqual([]);
  });
});
