import { describe, expect, it } from 'vitest';
import { findingsOf, leftOutOf, measurementsOf, runOfCase } from '../../../test/sample/case-record.ts';
import type { Measurement } from '../../record/measurement.ts';

function only(name: string): Measurement {
  const [first, ...others] = measurementsOf(runOfCase(name));
  if (first === undefined || others.length > 0) throw new Error(`${name} has not one measurement`);
  return first;
}

describe('a table whose head is cut off', () => {
  it('has the rate of its sum, and a doubt that streams are missing', () => {
    const one = only('head-cut-off');
    expect(one.throughput).toMatchObject({ bitsPerSecond: 8.59e9, retransmits: 714 });
    expect(one.spec).toMatchObject({ streams: null });
    expect(findingsOf(one)).toEqual(['doubt stream-sum']);
  });
});

describe('an interval without a total', () => {
  it('is no throughput', () => {
    const one = only('one-interval-is-no-total');
    expect(one.throughput).toBeNull();
    expect(findingsOf(one)).toEqual(['note figure-missing']);
    expect(leftOutOf(runOfCase('one-interval-is-no-total'))).toEqual(['4 rows of iperf3']);
  });
});

describe('an error below the figures', () => {
  it('is a doubt of the figures, in the words of the tool', () => {
    const run = runOfCase('error-after-json');
    const one = only('error-after-json');
    expect(one.throughput).toMatchObject({ bitsPerSecond: 1e9, durationNs: 1e9 });
    expect(findingsOf(one)).toEqual(['doubt client-exit', 'doubt tool-duration']);
    expect(one.findings[0]?.message).toContain('unable to send control message: Broken pipe');
    expect(leftOutOf(run)).toEqual([]);
  });
});

describe('a jitter longer than the run', () => {
  it('is void, and the rate and the losses stand', () => {
    const run = runOfCase('impossible-jitter');
    expect(only('impossible-jitter').throughput).toMatchObject({
      bitsPerSecond: 265e3,
      datagrams: { sent: 333, lost: 249, jitterNs: null },
    });
    expect(leftOutOf(run)).toEqual(['4 jitter of 480655905.609 ms']);
  });
});

describe('a map that was full', () => {
  it('gives the least counts, and no cost', () => {
    const one = only('tracer-map-full');
    expect(one.systemCalls).toMatchObject({ isLowerBound: true });
    expect(one.cost.systemCallsPerGigabyte).toBeNull();
    expect(one.cost.reasons['systemCallsPerGigabyte']).toBe('the tracer could not count all calls');
    expect(findingsOf(one)).toEqual(['doubt lost-events', 'doubt partial-tracing']);
  });
});

describe('fewer calls than messages', () => {
  it('are void: the data path was not traced', () => {
    const one = only('calls-too-few-for-messages');
    expect(findingsOf(one)).toEqual(['void untraced-data-path', 'doubt partial-tracing']);
    expect(one.findings.find(({ level }) => level === 'void')?.message).toMatch(
      /^0 of 1,825 calls can carry data, for 300,000 round trips: the data path was not traced/,
    );
    expect(one.latency).toMatchObject({ halfRoundTripNs: { mean: 49_200 } });
  });
});
