import { describe, expect, it } from 'vitest';
import { useExperimentFile } from '../../../test/sample/experiment-file.ts';

const written = useExperimentFile();

async function vmmOf(text: string) {
  const { experiment } = await written.load(text);
  return experiment.configurations[0]?.vmm;
}

describe('a VMM at each end', () => {
  it('is the same where nothing is said, or the same is said', async () => {
    expect(await vmmOf('topology: vm-to-vm\n')).not.toHaveProperty('server');
    const same = 'topology: vm-to-vm\nvmm: { memory: 256M, server: { memory: 256M } }\n';
    expect(await vmmOf(same)).not.toHaveProperty('server');
  });

  it('has what its end says, and the rest in common', async () => {
    const text =
      'topology: vm-to-vm\nvmm: { vcpus: 2, client: { memory: 256M }, server: { options: { machine: q35 } } }\n';
    expect(await vmmOf(text)).toMatchObject({
      kind: 'qemu',
      vcpus: 2,
      memoryBytes: 256 * 2 ** 20,
      options: { machine: 'microvm' },
      server: { kind: 'qemu', vcpus: 2, memoryBytes: 512 * 2 ** 20, options: { machine: 'q35', modern: false } },
    });
  });

  it('takes neither binary nor options of another VMM', async () => {
    const common = 'binary: /opt/qemu, options: { machine: q35 }';
    const vmm = await vmmOf(`topology: vm-to-vm\nvmm: { ${common}, server: { kind: firecracker } }\n`);
    expect(vmm).toMatchObject({ binary: '/opt/qemu', options: { machine: 'q35' } });
    expect(vmm?.server).toMatchObject({ kind: 'firecracker', binary: null, options: { pci: false, jailer: false } });
  });

  it('has a binary whose path counts from the file', async () => {
    const vmm = await vmmOf('topology: vm-to-vm\nvmm: { server: { binary: ./mine } }\n');
    expect(vmm?.server?.binary).toMatch(/^\/.+\/mine$/);
  });

  it('is that of the only VM where a topology has one', async () => {
    expect(await vmmOf('topology: host-to-vm\nvmm: { server: { vcpus: 4 } }\n')).toMatchObject({ vcpus: 4 });
    expect(await vmmOf('topology: vm-to-host\nvmm: { client: { vcpus: 4 } }\n')).toMatchObject({ vcpus: 4 });
  });

  it('can be a factor', async () => {
    const { experiment } = await written.load(
      'topology: vm-to-vm\nmatrix: { vmm.server.kind: [qemu, cloud-hypervisor] }\n',
    );
    const kinds = experiment.configurations.map(({ vmm }) => vmm.server?.kind ?? vmm.kind);
    expect(kinds).toEqual(['qemu', 'cloud-hypervisor']);
  });

  it.each([
    [
      'vm-to-host',
      'server: { vcpus: 2 }',
      "vmm.server: topology vm-to-host has no VM at the server's end: leave it out, or take host-to-vm or vm-to-vm",
    ],
    ['host-to-vm', 'client: {}', "vmm.client: topology host-to-vm has no VM at the client's end"],
    ['host-to-host', 'client: {}', "vmm.client: topology host-to-host has no VM at the client's end"],
    ['vm-to-vm', 'server: { vcpu: 2 }', 'vmm.server.vcpu: unknown key'],
    ['vm-to-vm', 'server: { kind: qemo }', '"qemo" is unknown'],
    ['vm-to-vm', 'server: { options: { pci: on } }', 'vmm.server.options.pci: qemu has no such option'],
    ['vm-to-vm', 'server: { kind: firecracker, accel: tcg }', 'vmm.server.accel'],
  ])('in %s with %s is refused with its line', async (topology, vmm, message) => {
    const load = vmmOf(`topology: ${topology}\nvmm:\n  ${vmm}\n`);
    await expect(load).rejects.toMatchObject({ code: 'EXPERIMENT_INVALID' });
    await expect(vmmOf(`topology: ${topology}\nvmm:\n  ${vmm}\n`)).rejects.toThrow(message);
  });
});
