import { describe, expect, it } from 'vitest';
import { deriveTrial } from '../../src/derive/derive.ts';
import type { Configuration } from '../../src/record/experiment.ts';
import { type MemoryLine, memoryLines, type WorkloadGroup } from '../../src/report/measurement/figures.ts';
import { sampleConfiguration, sampleExperiment } from '../sample/experiment.ts';
import { sampleIperf3Measurement } from '../sample/iperf3.ts';
import { sampleRunHeader } from '../sample/run.ts';
import { sampleSeveral, sampleWorldTrial } from '../sample/world.ts';

const mebibyte = 1024 ** 2;

/** Two machines whose VMMs hold so much memory, in a configuration. */
function linesOf(residentBytes: readonly number[], configuration: Configuration): MemoryLine[] {
  const pair = sampleIperf3Measurement({ bitsPerSecond: 1e9 });
  const several = sampleSeveral(residentBytes.map(() => pair));
  const machines = several.machines.map((machine, index) => {
    const bytes = residentBytes[index] ?? 0;
    return { ...machine, vmmMemory: { residentBytes: bytes, proportionalBytes: bytes / 2, swapBytes: 0 } };
  });
  const gathered = { ...sampleWorldTrial({ ...several, machines }), configuration };
  const header = sampleRunHeader({ experiment: sampleExperiment({ configurations: [configuration] }) });
  const trial = deriveTrial(gathered, header);
  const [spec] = configuration.workloads;
  if (spec === undefined) throw new Error('the sample has a workload');
  const measurements = trial.measurements.map((measurement) => ({ trial, measurement }));
  const group: WorkloadGroup = {
    configuration: configuration.name,
    names: [spec.name],
    isCeiling: false,
    spec,
    underLoad: [],
    measurements,
  };
  return memoryLines(group);
}

function inWords(lines: readonly MemoryLine[]): unknown[] {
  return lines.map(({ label, machine, samples }) => [label, machine, samples.map(({ value }) => value / mebibyte)]);
}

describe('memory of VMMs', () => {
  const sizes = [200 * mebibyte, 100 * mebibyte];

  it('is the mean of those that are alike', () => {
    expect(inWords(linesOf(sizes, sampleConfiguration()))).toEqual([
      ['RSS', null, [150]],
      ['PSS', null, [75]],
    ]);
  });

  it('is that of each machine where the two ends have VMMs of their own', () => {
    const configuration = sampleConfiguration();
    const { vmm } = configuration;
    const server = { ...vmm, kind: 'firecracker' };
    expect(inWords(linesOf(sizes, { ...configuration, topology: 'vm-to-vm', vmm: { ...vmm, server } }))).toEqual([
      ['RSS', 'vm1', [200]],
      ['RSS', 'vm2', [100]],
      ['PSS', 'vm1', [100]],
      ['PSS', 'vm2', [50]],
    ]);
  });
});
