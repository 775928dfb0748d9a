import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import type { Throughput } from '../record/throughput.ts';
import { zeroInterval } from './zero-interval.ts';

function judge(silent: (second: number) => boolean, changes: Partial<Throughput> = {}) {
  const throughput = sampleThroughput();
  const intervals = throughput.intervals.map((one, second) =>
    silent(second) ? { ...one, bytes: 0, bitsPerSecond: 0 } : one,
  );
  return zeroInterval.judge(
    sampleContext({ ...sampleIperf3Measurement(), throughput: { ...throughput, intervals, ...changes } }),
  );
}

describe('zero-interval', () => {
  it('is silent where every interval carried something', () => {
    expect(judge(() => false)).toEqual([]);
  });

  it('doubts a transfer with a stall and says when it was', () => {
    expect(judge((second) => second === 7)).toMatchObject([
      { level: 'doubt', message: '1 of 30 intervals carried no byte, the first at 7 s' },
    ]);
  });

  it('voids a transfer that stood still for half of its time', () => {
    expect(judge((second) => second < 14)).toMatchObject([{ level: 'doubt' }]);
    expect(judge((second) => second < 15)).toMatchObject([{ level: 'void' }]);
  });

  it('passes over a cut last interval and omitted ones', () => {
    const { intervals } = sampleThroughput();
    const empty = { bytes: 0, bitsPerSecond: 0, retransmits: 0 };
    const cut = { startNs: 30e9, endNs: 30.004e9, isOmitted: false, ...empty };
    const omitted = { startNs: 0, endNs: 1e9, isOmitted: true, ...empty };
    expect(judge(() => false, { intervals: [omitted, ...intervals, cut] })).toEqual([]);
  });

  it('voids a transfer with a silent stream, or of nothing', () => {
    const { streams } = sampleThroughput();
    const silent = streams.map((stream, index) => (index === 0 ? { ...stream, bytes: 0 } : stream));
    expect(judge(() => false, { streams: silent })).toMatchObject([
      { level: 'void', message: '1 of 4 streams carried nothing' },
    ]);
    expect(judge(() => false, { bytes: 0 })).toMatchObject([{ level: 'void', message: 'no byte arrived' }]);
  });
});
