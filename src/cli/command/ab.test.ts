import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../experiment/file/experiment-file.ts';
import { abChoice } from './ab.ts';

const lists = { a: [], b: [], set: [], threshold: [], gate: [], metric: [] };
const flags = { allMetrics: false, strict: false, quiet: false, json: false, format: 'terminal' as const };

function choice(options: Partial<Parameters<typeof abChoice>[1]> = {}): ReturnType<typeof abChoice> {
  return abChoice(null, { ...lists, ...flags, ...options });
}

describe('the experiment of an A/B', () => {
  it('is quick with ten boots of two configurations, a and b', async () => {
    const { experiment } = await loadExperiment(choice({ b: ['nic.offloads.tso=false'] }));
    expect(experiment).toMatchObject({ name: 'quick', boots: 10 });
    expect(experiment.configurations.map(({ name, nic }) => [name, nic.offloads.tso])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('may be an A/A', async () => {
    const { configurations } = (await loadExperiment(choice())).experiment;
    const [a, b] = configurations.map((one) => ({ ...one, name: '' }));
    expect(configurations).toHaveLength(2);
    expect(a).toEqual(b);
  });

  it('takes the boots that are asked for, and leaves them to a budget', async () => {
    expect((await loadExperiment(choice({ boots: '4' }))).experiment.boots).toBe(4);
    expect(choice({ budget: '10m' })).toMatchObject({ boots: undefined, budget: '10m' });
  });

  it('puts --set, --workload, --duration, --trace and --seed over both', async () => {
    const options = { set: ['vmm.vcpus=2'], workload: 'iperf3', duration: '1s', trace: 'off', seed: '7' };
    const { experiment } = await loadExperiment(choice({ ...options, b: ['nic.mtu=9000'] }));
    expect(experiment.seed).toBe(7);
    for (const { vmm, workloads, trace } of experiment.configurations) {
      expect([vmm.vcpus, trace.mode, workloads.map(({ name, durationNs }) => [name, durationNs])]).toEqual([
        2,
        'off',
        [['iperf3', 1e9]],
      ]);
    }
  });
});
