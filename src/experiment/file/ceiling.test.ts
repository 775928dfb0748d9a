import { describe, expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';
import type { Configuration } from '../../record/experiment.ts';
import { loadExperiment } from './experiment-file.ts';

const written = useExperimentFile();

async function ceilingsOf(text: string, choice: Parameters<typeof written.load>[1] = {}): Promise<Configuration[]> {
  const { experiment } = await written.load(text, choice);
  return experiment.configurations.filter(({ ceilingOf }) => ceilingOf !== undefined);
}

function owners(ceilings: readonly Configuration[]): Record<string, readonly string[] | undefined> {
  return Object.fromEntries(ceilings.map(({ name, ceilingOf }) => [name, ceilingOf]));
}

describe('ceiling: true', () => {
  it('adds the same work host to host, behind all configurations', async () => {
    const text = 'ceiling: true\npairs: 3\nnic: { mtu: 9000, vhost: on }\nprepare: { governor: performance }\n';
    const { experiment } = await written.load(text);
    const [vm, ceiling] = experiment.configurations;
    expect(experiment.configurations.map(({ name }) => name)).toEqual(['default', 'ceiling']);
    expect(ceiling).toMatchObject({
      topology: 'host-to-host',
      ceilingOf: ['default'],
      pairs: 3,
      nic: { mtu: 9000, vhost: false },
      trace: { mode: 'off' },
      prepare: { governor: 'performance' },
      workloads: vm?.workloads,
    });
    expect(vm).not.toHaveProperty('ceilingOf');
  });

  it('keeps the windows that workloads share', async () => {
    const [ceiling] = await ceilingsOf('ceiling: on\nworkloads: [{ together: [iperf3, sockperf] }]\n');
    expect(ceiling?.together).toEqual([['iperf3', 'sockperf']]);
  });

  it('is off where nothing is said', async () => {
    expect(await ceilingsOf('boots: 1\n')).toEqual([]);
  });

  it('is one for all configurations that ask the same of the host', async () => {
    const text = 'ceiling: true\nmatrix: { vmm.vcpus: [1, 2], nic.vhost: [off, on], trace: [off, separate] }\n';
    const ceilings = await ceilingsOf(text);
    expect(ceilings.map(({ name, factors, ceilingOf }) => [name, factors, ceilingOf?.length])).toEqual([
      ['ceiling', {}, 8],
    ]);
  });

  it('is one for each number of pairs and each workload, named by it', async () => {
    const text = 'ceiling: true\nmatrix: { vmm.vcpus: [1, 2], pairs: [1, 4], workloads.iperf3.streams: [1, 8] }\n';
    const ceilings = await ceilingsOf(text);
    expect(ceilings.map(({ name }) => name)).toEqual([
      'ceiling_pairs-1_streams-1',
      'ceiling_pairs-1_streams-8',
      'ceiling_pairs-4_streams-1',
      'ceiling_pairs-4_streams-8',
    ]);
    expect(ceilings[1]).toMatchObject({
      ceilingOf: ['vcpus-1_pairs-1_streams-8', 'vcpus-2_pairs-1_streams-8'],
      factors: { pairs: '1', 'workloads.iperf3.streams': '8' },
    });
  });

  it('is the same for either end of the path, and for two VMs', async () => {
    const text = 'ceiling: true\nmatrix: { topology: [vm-to-host, host-to-vm, vm-to-vm, host-to-host] }\n';
    expect(owners(await ceilingsOf(text))).toEqual({
      ceiling: ['topology-vm-to-host', 'topology-host-to-vm', 'topology-vm-to-vm'],
    });
  });

  it('has a link of the same MTU and offloads; merged receive buffers are of a VM', async () => {
    const text = [
      'ceiling: true',
      'matrix:',
      '  include:',
      '    - { name: all, nic.offloads: on }',
      '    - { name: unmerged, nic.offloads.mrgRxbuf: off }',
      '    - { name: none, nic.offloads: off }',
    ].join('\n');
    expect(owners(await ceilingsOf(text))).toEqual({
      ceiling: ['all', 'unmerged'],
      'ceiling_offloads-off': ['none'],
    });
  });

  it('is named by what reaches the host alone, without lists that no name can hold', async () => {
    const text = [
      'ceiling: true',
      'matrix:',
      '  topology: [vm-to-host, host-to-vm]',
      '  include:',
      '    - { name: four, topology: vm-to-vm, pairs: 2, vmm.vcpus: 2, workloads: [{ kind: sockperf, duration: 2s }] }',
    ].join('\n');
    const ceilings = await ceilingsOf(text);
    expect(owners(ceilings)).toEqual({
      ceiling: ['topology-vm-to-host', 'topology-host-to-vm'],
      'ceiling_pairs-2_workloads': ['four'],
    });
    expect(Object.keys(ceilings[1]?.factors ?? {})).toEqual(['pairs', 'workloads']);
  });

  it('has a name that no configuration has', async () => {
    const text = 'ceiling: true\nmatrix: { include: [{ name: ceiling, vmm.vcpus: 2 }] }\n';
    expect(owners(await ceilingsOf(text))).toEqual({ 'ceiling-2': ['ceiling'] });
  });

  it('is of the workloads that are left', async () => {
    const [ceiling] = await ceilingsOf('ceiling: true\n', { workloads: ['sockperf'] });
    expect(ceiling?.workloads.map(({ name }) => name)).toEqual(['sockperf']);
  });
});

describe('the flags', () => {
  it('--ceiling and --no-ceiling go over the file, and are in the source that is stored', async () => {
    const { experiment, source } = await written.load('boots: 2\n', { ceiling: true });
    expect(experiment.configurations.map(({ name }) => name)).toEqual(['default', 'ceiling']);
    const again = await loadExperiment({ nameOrPath: null, text: source, overrides: [] });
    expect(again.experiment.configurations).toEqual(experiment.configurations);
    expect(await ceilingsOf('ceiling: true\n', { ceiling: false })).toEqual([]);
  });
});

describe('a ceiling that can not be', () => {
  it.each([
    ['ceiling: true\ntopology: host-to-host\n', 'mine.yaml:1:10: ceiling: host to host is the ceiling itself'],
    ['ceiling: true\nprepare: { pin: auto }\n', 'mine.yaml:1:10: ceiling: needs prepare.pin: none'],
    ['matrix: { ceiling: [on, off] }\n', 'ceiling is of the whole experiment'],
    ['ceiling: maybe\n', 'ceiling'],
  ])('is refused: %j', async (text, message) => {
    expect((await written.mistakes(text)).join('\n')).toContain(message);
  });

  it('names the flag that asked for it', async () => {
    const text = 'topology: host-to-host\n';
    expect((await written.mistakes(text, { ceiling: true })).join('\n')).toContain('--ceiling: ceiling: host to host');
  });
});
