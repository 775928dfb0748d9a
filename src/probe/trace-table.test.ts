import { expect, it } from 'vitest';
import type { SystemCallCounts } from './system-call-counts.ts';
import { traceRows } from './trace-table.ts';

const call = { request: null, kind: 'work', timeNs: null } as const;
const counts: SystemCallCounts = {
  source: 'bpftrace',
  elapsedNs: 2e9,
  lostEvents: 0,
  threads: [
    { tid: 1, name: 'main', calls: [{ ...call, name: 'read', count: 10 }] },
    {
      tid: 2,
      name: 'CPU 0/KVM',
      calls: [
        { ...call, name: 'write', count: 5 },
        { name: 'ioctl', request: 'KVM_RUN', kind: 'run', count: 100, timeNs: 5000 },
      ],
    },
  ],
};

it('the rows begin with the busiest thread and its most frequent call', () => {
  expect(traceRows(counts).map(({ thread, call: name }) => `${thread}: ${name}`)).toEqual([
    'CPU 0/KVM: ioctl KVM_RUN',
    'CPU 0/KVM: write',
    'main: read',
  ]);
});

it('a row has the rate a second and, where time was taken, the mean', () => {
  const [first, second] = traceRows(counts);
  expect(first).toMatchObject({ count: 100, perSecond: 50, timeNs: 5000, meanNs: 50 });
  expect(second).toMatchObject({ perSecond: 2.5, timeNs: null, meanNs: null });
});

it('nothing counted gives no rows', () => {
  expect(traceRows({ ...counts, elapsedNs: 0, threads: [] })).toEqual([]);
});
