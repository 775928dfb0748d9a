import { describe, expect, it } from 'vitest';
import { readGate } from './gate.ts';

describe('readGate', () => {
  it.each([
    ['latency.p99<=+5%', { metric: 'latency.p99', is: 'at-most', of: 'change', limit: 1.05, workload: null }],
    [
      'throughput>=-3%',
      { metric: 'throughput.bitsPerSecond', is: 'at-least', of: 'change', limit: 0.97, workload: null },
    ],
    ['throughput>=+0%', { metric: 'throughput.bitsPerSecond', is: 'at-least', of: 'change', limit: 1, workload: null }],
    ['latency.p99<=120us', { metric: 'latency.p99', is: 'at-most', of: 'value', limit: 120_000, workload: null }],
    ['latency <= 0.12 ms', { metric: 'latency.p50', is: 'at-most', of: 'value', limit: 120_000, workload: null }],
    [
      'throughput>=2.3Gbit/s',
      { metric: 'throughput.bitsPerSecond', is: 'at-least', of: 'value', limit: 2.3e9, workload: null },
    ],
    [
      'cost.systemCallsPerRoundTrip<=4.5',
      { metric: 'cost.systemCallsPerRoundTrip', is: 'at-most', of: 'value', limit: 4.5, workload: null },
    ],
    [
      'throughput.lostShare<=1%',
      { metric: 'throughput.lostShare', is: 'at-most', of: 'value', limit: 0.01, workload: null },
    ],
    [
      'requests.perSecond>=2e4',
      { metric: 'requests.perSecond', is: 'at-least', of: 'value', limit: 20_000, workload: null },
    ],
    [
      'sockperf:latency.p99<=+5%',
      { metric: 'latency.p99', is: 'at-most', of: 'change', limit: 1.05, workload: 'sockperf' },
    ],
    ['a:b:latency.p99<=+5%', { metric: 'latency.p99', is: 'at-most', of: 'change', limit: 1.05, workload: 'a:b' }],
  ])('reads %s', (text, expected) => {
    const { metric, limit, is, of, workload } = readGate(text);
    expect({ metric: metric.name, is, of, workload }).toEqual({
      metric: expected.metric,
      is: expected.is,
      of: expected.of,
      workload: expected.workload,
    });
    expect(limit).toBeCloseTo(expected.limit, 9);
  });

  it.each([
    ['', 'must be [WORKLOAD:]METRIC<=LIMIT'],
    ['latency.p99', 'must be [WORKLOAD:]METRIC<=LIMIT'],
    ['latency.p99=5%', 'must be [WORKLOAD:]METRIC<=LIMIT'],
    ['latency.p99<5%', 'must be [WORKLOAD:]METRIC<=LIMIT'],
    ['latency.p99<=>=5%', 'must be [WORKLOAD:]METRIC<=LIMIT'],
    ['latency.p99<=5%', 'a change needs its sign: latency.p99<=+5%'],
    ['latency.p99<=120', 'latency.p99 is a time: the limit needs one of ns, us, ms, s'],
    ['latency.p99<=2Gbit/s', 'latency.p99 is a time'],
    ['throughput>=2.3', 'is a rate: the limit needs one of bit/s'],
    ['cost.systemCallsPerRoundTrip<=4.5us', 'has no unit'],
    ['latency.p99<=fast', '"fast" is no limit'],
    ['latency.p99>=-100%', 'nothing can fall by 100 % or more'],
    ['latency.p98<=+5%', 'there is no metric "latency.p98"; the nearest are latency.p9'],
    ['p99<=+5%', 'the nearest are latency.p99'],
  ])('refuses %s and says why', (text, message) => {
    expect(() => readGate(text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) as string }),
    );
  });
});
