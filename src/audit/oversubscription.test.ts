import { expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { sampleHostFacts } from '../../test/sample/host-facts.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { oversubscription } from './oversubscription.ts';

const { vmm } = sampleConfiguration();
const sample = sampleHostFacts();
const host = { ...sample, cpu: { ...sample.cpu, logicalCpus: 4 } };

type Topology = 'vm-to-host' | 'vm-to-vm' | 'host-to-host';

/** @param vcpus of the clients' VMs and of the servers', or of both */
function judge(topology: Topology, pairs: number, vcpus: number | readonly [client: number, server: number]) {
  const [own, ofServer] = typeof vcpus === 'number' ? [vcpus, vcpus] : vcpus;
  const server = ofServer === own ? undefined : { ...vmm, vcpus: ofServer };
  const configuration = sampleConfiguration({ topology, pairs, vmm: { ...vmm, vcpus: own, server } });
  return oversubscription.judge(
    sampleContext(sampleIperf3Measurement(), { host, trial: sampleTrial({ configuration }) }),
  );
}

it('says so where all guests together have more virtual CPUs than the host has', () => {
  expect(judge('vm-to-host', 5, 1)).toMatchObject([
    { level: 'note', message: '5 VMs have 5 virtual CPUs, and the host 4: they wait for each other' },
  ]);
  expect(judge('vm-to-vm', 2, 2)).toMatchObject([{ message: expect.stringContaining('4 VMs have 8') as string }]);
  expect(judge('vm-to-vm', 2, [1, 3])).toMatchObject([{ message: expect.stringContaining('4 VMs have 8') as string }]);
  expect(judge('vm-to-host', 1, 5)).toMatchObject([{ message: expect.stringContaining('the VM has 5') as string }]);
});

it('is silent where each has one of its own, and where there is no VM', () => {
  expect([...judge('vm-to-host', 4, 1), ...judge('vm-to-host', 2, 2), ...judge('host-to-host', 64, 4)]).toEqual([]);
});
