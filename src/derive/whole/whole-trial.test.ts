import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { arbitraryMeasurement } from '../../../test/sample/arbitrary.ts';
import { sampleIperf3Measurement } from '../../../test/sample/iperf3.ts';
import { sampleNotedTrial } from '../../../test/sample/lab-note-run.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../../test/sample/sockperf.ts';
import { sampleFailedTrial, sampleTrial } from '../../../test/sample/trial.ts';
import { sampleSeveral, sampleWorldTrial } from '../../../test/sample/world.ts';
import { gatheredOf } from '../../record/gathered-of.ts';
import type { GatheredMeasurement, WholeMeasurement } from '../../record/measurement.ts';
import { gatheredTrial, wholeTrial } from '../../record/trial.ts';
import { wholeOf } from './whole-trial.ts';

function wholeOfOne(measurement: GatheredMeasurement): WholeMeasurement {
  const [whole] = wholeOf(sampleWorldTrial(measurement)).measurements;
  if (whole === undefined) throw new Error('the trial has a measurement');
  return whole;
}

/** Flows of which each had some half round trips, in whole ns. */
function flowsOf(...values: readonly (readonly number[])[]): GatheredMeasurement {
  return sampleSeveral(
    values.map((own) => {
      const histogram = build({ numberOfSignificantValueDigits: 3 });
      for (const value of own) histogram.recordValue(value);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const latency = sampleLatency();
      return {
        ...sampleSockperfMeasurement(),
        latency: {
          ...latency,
          messages: own.length,
          halfRoundTripNs: {
            ...latency.halfRoundTripNs,
            mean,
            stddev: Math.sqrt(squares / (own.length - 1)),
            min: Math.min(...own),
            max: Math.max(...own),
          },
          histogram: {
            encoding: 'hdrhistogram-v2-base64' as const,
            unit: 'ns' as const,
            significantDigits: 3,
            data: encodeIntoCompressedBase64(histogram),
          },
        },
      };
    }),
  );
}

describe('one flow and one machine as a whole', () => {
  it.each([
    ['measured', sampleTrial()],
    ['failed', sampleFailedTrial()],
    ['of a lab note', sampleNotedTrial()],
  ])('are what they were before they were lists: %s', (_what, trial) => {
    const gathered = gatheredTrial.parse(gatheredOf(trial));
    expect(wholeOf(gathered)).toEqual(trial);
    expect(JSON.stringify(wholeOf(gathered))).toHaveLength(JSON.stringify(trial).length);
  });

  it('are so whatever was measured, in the schema', () => {
    fc.assert(
      fc.property(arbitraryMeasurement, (measurement) => {
        const trial = sampleTrial({ measurements: [measurement] });
        expect(wholeOf(gatheredTrial.parse(gatheredOf(trial)))).toEqual(trial);
      }),
      { numRuns: 200 },
    );
  });
});

describe('several flows as a whole', () => {
  const [fast, slow] = [
    sampleIperf3Measurement({ bitsPerSecond: 3e9 }),
    sampleIperf3Measurement({ bitsPerSecond: 1e9 }),
  ];

  it('have the sum of their throughput and work, and come with their lists', () => {
    const gathered = sampleSeveral([fast, slow]);
    const whole = wholeOfOne(gathered);
    expect(whole.throughput?.bitsPerSecond).toBeCloseTo(4e9, -2);
    expect(whole.throughput?.bytes).toBe((fast.throughput?.bytes ?? 0) + (slow.throughput?.bytes ?? 0));
    expect(whole.throughput?.streams).toEqual([]);
    expect(whole.work.payloadBytes).toBe((fast.work.payloadBytes ?? 0) + (slow.work.payloadBytes ?? 0));
    expect(whole).toMatchObject({ flows: gathered.flows, machines: gathered.machines, startSkewNs: 1_000_000 });
    expect(wholeTrial.safeParse(wholeOf(sampleWorldTrial(gathered))).error).toBeUndefined();
    expect(gatheredOf(wholeOf(sampleWorldTrial(gathered)))).toEqual(sampleWorldTrial(gathered));
  });

  it('have no sum where one came to nothing, and say why', () => {
    const gathered = sampleSeveral([fast, slow]);
    const [first, second] = gathered.flows;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const dead = { ...second, throughput: null, failure: 'vm2 died', notMeasured: { throughput: 'vm2 died' } };
    const whole = wholeOfOne({ ...gathered, flows: [first, dead] });
    expect(whole.throughput).toBeNull();
    expect(whole.notMeasured.throughput).toBe('vm2 died');
    expect(whole.flows?.[0]?.throughput).toEqual(fast.throughput);
  });

  it('have the latency over all their messages', () => {
    const values = fc.array(fc.integer({ min: 1_000, max: 10_000_000 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const all = [...a, ...b].sort((x, y) => x - y);
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        const stddev = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
        const half = wholeOfOne(flowsOf(a, b)).latency?.halfRoundTripNs;
        expect(half?.mean).toBeCloseTo(mean, 3);
        expect(half?.stddev).toBeCloseTo(stddev, 3);
        expect([half?.min, half?.max]).toEqual([all[0], all.at(-1)]);
        expect(half?.p99999).toBeLessThanOrEqual(all.at(-1) ?? Number.NaN);
        // The nearest rank, within the histogram's three digits.
        const median = all[Math.ceil(all.length / 2) - 1] ?? Number.NaN;
        expect(Math.abs((half?.p50 ?? Number.NaN) / median - 1)).toBeLessThan(0.002);
      }),
      { numRuns: 100 },
    );
  });

  it('have the sum of what became of their requests, where each says it', () => {
    const none = { connectErrors: 0, readErrors: 0, writeErrors: 0, refusals: 0 };
    const requests = { perSecond: 1_000, replyBytes: 5_000, timeouts: 2, ...none };
    const gathered = flowsOf([1_000, 2_000], [3_000, 4_000]);
    const said = gathered.flows.map((flow) => ({ ...flow, latency: flow.latency && { ...flow.latency, requests } }));
    const sum = { perSecond: 2_000, replyBytes: 10_000, timeouts: 4, ...none };
    expect(wholeOfOne({ ...gathered, flows: said }).latency?.requests).toEqual(sum);
    const half = [...said.slice(1), ...gathered.flows.slice(0, 1)];
    expect(wholeOfOne({ ...gathered, flows: half }).latency).not.toHaveProperty('requests');
  });

  it('have no percentiles where a flow has no histogram, or none that can be read', () => {
    const gathered = flowsOf([1_000, 2_000], [3_000, 4_000]);
    const broken = (histogram: object | null): WholeMeasurement => {
      const [first, second] = gathered.flows;
      const known = first?.latency ?? null;
      if (first === undefined || known === null || second === undefined) throw new Error('there are two');
      const latency = { ...known, histogram: histogram as typeof known.histogram };
      return wholeOfOne({ ...gathered, flows: [{ ...first, latency }, second] });
    };
    expect(broken(null)).toMatchObject({
      latency: null,
      notMeasured: { latency: 'not every flow has a histogram of its messages' },
    });
    const text = { encoding: 'hdrhistogram-v2-base64', unit: 'ns', significantDigits: 3, data: 'no histogram' };
    expect(broken(text)).toMatchObject({
      latency: null,
      notMeasured: { latency: "the histogram of a flow can't be read" },
    });
  });
});

describe('several machines as a whole', () => {
  const pair = sampleSockperfMeasurement();
  const gathered = sampleSeveral([pair, pair]);

  it('have the threads and calls of all VMMs, each with its machine, and the work of all flows', () => {
    const { threads, systemCalls } = wholeOfOne(gathered);
    expect(threads).toEqual(['vm1', 'vm2'].flatMap((machine) => pair.threads.map((one) => ({ machine, ...one }))));
    expect(systemCalls?.threads.map(({ machine }) => machine)).toEqual(['vm1', 'vm1', 'vm2', 'vm2']);
    expect(systemCalls?.messages).toBe(2 * (pair.systemCalls?.messages ?? Number.NaN));
  });

  it('have no calls where one was not traced', () => {
    const [first, second] = gathered.machines;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const untraced = { ...second, systemCalls: null, notMeasured: { systemCalls: 'the tracer failed' } };
    expect(wholeOfOne({ ...gathered, machines: [first, untraced] })).toMatchObject({
      systemCalls: null,
      notMeasured: { systemCalls: 'the tracer failed', link: 'each VM has its own' },
    });
  });

  it('say that there is no VM where there is none', () => {
    const ends = gathered.flows.map((flow) => ({ ...flow, client: 'client1', server: 'server1' }));
    const trial = sampleWorldTrial({ ...gathered, flows: ends.slice(0, 1), machines: [], traced: null });
    expect(gatheredTrial.safeParse(trial).error).toBeUndefined();
    const whole = wholeOf(trial);
    expect(whole).toMatchObject({ machines: [], vmm: null, guest: null, path: null });
    expect(whole.measurements[0]).toMatchObject({
      latency: pair.latency,
      systemCalls: null,
      threads: [],
      notMeasured: { systemCalls: 'no VM', threads: 'no VM', link: 'no VM' },
    });
    expect(gatheredOf(whole)).toEqual(trial);
  });
});
