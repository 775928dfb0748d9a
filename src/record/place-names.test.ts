import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleSeveral, sampleWorldTrial } from '../../test/sample/world.ts';
import type { GatheredMeasurement } from './measurement.ts';
import { gatheredTrial } from './trial.ts';

const pair = sampleIperf3Measurement();
const two = { ...sampleSeveral([pair, pair]), traced: null };

/** What the schema says of a trial with these changes to its one measurement. */
function problemsOf(changes: Partial<GatheredMeasurement>): string[] {
  const { error } = gatheredTrial.safeParse({ ...sampleWorldTrial(two), measurements: [{ ...two, ...changes }] });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);
}

const flow = (name: string, changes: object = {}) => ({
  ...(two.flows[0] as (typeof two.flows)[number]),
  name,
  ...changes,
});

describe('the names of flows and machines', () => {
  it('are there once, and refer to what is there', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each<[string, Partial<GatheredMeasurement>, string]>([
    ['a flow twice', { flows: [flow('flow1'), flow('flow1')] }, 'flows.1: "flow1" is there twice'],
    [
      'a client that is nowhere',
      { flows: [flow('flow1', { client: 'vm9' })] },
      'flows.0.client: no machine and no namespace is called "vm9"',
    ],
    [
      'a machine that the trial has not',
      { machines: two.machines.map((one) => ({ ...one, name: `${one.name}x` })) },
      'machines.0: nothing is called "vm1x"',
    ],
    ['a load that the configuration has not', { underLoad: ['other'] }, 'underLoad.0: nothing is called "other"'],
    ['itself as its load', { underLoad: [two.workload] }, `underLoad.0: nothing is called "${two.workload}"`],
    ['no flow', { flows: [] }, 'flows: Too small: expected array to have >=1 items'],
    [
      'more flows than there can be',
      { flows: Array.from({ length: 65 }, (_, index) => flow(`flow${String(index)}`)) },
      'flows: Too big: expected array to have <=64 items',
    ],
    ['an empty name', { flows: [flow('')] }, 'flows.0.name: Too small: expected string to have >=1 characters'],
    [
      'a traced flow that was not measured',
      {
        traced: {
          window: { startNs: 1, endNs: 2 },
          flows: [
            {
              name: 'flow3',
              throughput: null,
              latency: null,
              work: { roundTrips: null, payloadBytes: null },
              files: [],
            },
          ],
          machines: [],
        },
      },
      'traced.flows.0: nothing is called "flow3"',
    ],
  ])('refuse %s', (_what, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem);
  });

  it('refuse more machines than there can be', () => {
    const trial = sampleWorldTrial(two);
    const [first] = trial.machines;
    const machines = Array.from({ length: 129 }, (_, index) => ({ ...first, name: `vm${String(index + 1)}` }));
    expect(gatheredTrial.safeParse({ ...trial, machines }).success).toBe(false);
    expect(gatheredTrial.safeParse({ ...trial, machines: machines.slice(1) }).success).toBe(false);
    expect(gatheredTrial.safeParse({ ...trial, machines: machines.slice(0, 128) }).success).toBe(true);
  });
});
