import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleExperiment, sampleIperf3Spec } from '../../test/sample/experiment.ts';
import { formatEstimate, planReport } from './plan.ts';

const [one, two] = [1, 2].map((streams) =>
  sampleConfiguration({
    name: `streams-${String(streams)}`,
    factors: { 'workloads.iperf3.streams': String(streams) },
    workloads: [sampleIperf3Spec({ streams })],
  }),
);
if (one === undefined || two === undefined) throw new Error('two configurations');
const look = { columns: 80, isColor: false, cpus: 2 };

describe('the plan of a run', () => {
  it('shows what distinguishes the configurations, the order by block and the time', () => {
    const experiment = sampleExperiment({ configurations: [one, two], boots: 2, seed: 7, budgetNs: 600e9 });
    const trial = (configuration: string, block: number) => ({ trialId: '', configuration, block, boot: block });
    const trials = [trial('streams-2', 1), trial('streams-1', 1), trial('streams-1', 2), trial('streams-2', 2)];
    const text = planReport(
      { experiment, trials, trialTimesNs: { 'streams-1': 40e9, 'streams-2': 41e9 }, runTimeNs: 162e9 },
      look,
    );
    expect(text.split('\n').slice(0, 2)).toEqual([
      'vm-to-host  A guest as client of its host',
      '2 configurations, 2 boots of each: 4 trials, about 3 min; the budget is 10 min',
    ]);
    expect(text).toContain('  iperf3  differs\n');
    expect(text).toContain('CONFIGURATION  A TRIAL  workloads.iperf3.streams\nstreams-1         40 s  1\n');
    expect(text).toMatch(
      /\(--seed 7 gives this order again\)\n {2}1 {2}streams-2 streams-1\n {2}2 {2}streams-1 streams-2\n$/,
    );
  });

  it('says which configurations are without a workload, and cuts values that are no value of a column', () => {
    const list = '[{ kind: sockperf, name: sockperf, duration: 2s }]';
    const without = { ...two, name: 'small', factors: { workloads: list }, workloads: [] };
    const experiment = sampleExperiment({ configurations: [one, without] });
    const text = planReport({ experiment, trials: [], trialTimesNs: {}, runTimeNs: 1e9 }, { ...look, columns: 120 });
    expect(text).toMatch(/\n {2}iperf3 {2}iperf3 tcp, 1 stream, .*; not in small\n/);
    expect(text).toContain('[{ kind: sockperf, name: sock...\n');
    expect(text).not.toContain(list);
  });

  it('says what the only configuration is', () => {
    const only = { ...one, name: 'default', factors: {} };
    const experiment = sampleExperiment({ configurations: [only] });
    const trials = [{ trialId: '', configuration: 'default', block: 1, boot: 1 }];
    const text = planReport({ experiment, trials, trialTimesNs: { default: 40e9 }, runTimeNs: 40e9 }, look);
    expect(text).toContain('1 configuration, 1 boot of each: 1 trial, about 40 s\n');
    expect(text).toContain('  qemu, microvm, accel auto, 1 vCPU, 512 MiB, MTU 1500, vm-to-host\n');
  });

  it('says where guests have more virtual CPUs than the machine has', () => {
    const crowd = { ...one, name: 'pairs-3', pairs: 3 };
    const experiment = sampleExperiment({ configurations: [one, crowd] });
    const plan = { experiment, trials: [], trialTimesNs: {}, runTimeNs: 1e9 };
    const crowded = 'virtual CPUs on the';
    expect(planReport(plan, look)).toContain('pairs-3: 3 virtual CPUs on the 2 of this machine: they wait');
    expect(planReport(plan, look)).not.toContain(`streams-1: 1 ${crowded}`);
    expect(planReport(plan, { ...look, cpus: 3 })).not.toContain(crowded);
  });

  it('gives times no more exactly than they are known', () => {
    const times = [1, 500e6, 35.4e9, 119e9, 121e9, 59 * 60e9, 120 * 60e9, 200 * 60e9];
    expect(times.map(formatEstimate)).toEqual(['1 s', '1 s', '35 s', '119 s', '2 min', '59 min', '2 h', '3 h 20 min']);
  });
});
