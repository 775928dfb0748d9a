import { describe, expect, it } from 'vitest';
import { leftOutOf, runOfCase, runOfNote } from '../../../test/sample/case-record.ts';
import { readCommands } from '../command/command.ts';
import { type VmmSaid, vmmSaid } from './vmm-command.ts';

const transfer = '[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec                  receiver';
const nothing = { accel: null, machine: null, vcpus: null, memoryBytes: null, vhost: null, queues: null, mtu: null };

function said(line: string): VmmSaid | null {
  const [command] = readCommands(line, { side: null, line: 1, lastLine: 1 }).commands;
  return command === undefined ? null : vmmSaid(command);
}

function configurationsOf(text: string) {
  return runOfNote(text).experiment.configurations.map(({ name, vmm, nic }) => ({
    name,
    vcpus: vmm.vcpus,
    vhost: nic?.vhost ?? null,
  }));
}

describe('the command line of a VMM', () => {
  it.each<[string, Partial<VmmSaid>]>([
    [
      'sudo qemu-system-x86_64 -enable-kvm -cpu host -smp 4 -m 2G -netdev tap,id=n,vhost=on,queues=4 -device virtio-net-pci,netdev=n,mq=on,host_mtu=9000',
      { kind: 'qemu', accel: 'kvm', vcpus: 4, memoryBytes: 2 * 1024 ** 3, vhost: true, queues: 4, mtu: 9000 },
    ],
    [
      'qemu-system-x86_64 -machine pc-q35-7.2,accel=kvm:tcg -m size=512M -smp cpus=2,sockets=1 -net nic -net tap,vhost=off',
      { kind: 'qemu', accel: 'kvm', machine: 'q35', vcpus: 2, memoryBytes: 512 * 1024 ** 2, vhost: false },
    ],
    [
      'qemu-kvm -M microvm -m 512 -accel tcg',
      { kind: 'qemu', machine: 'microvm', memoryBytes: 512 * 1024 ** 2, accel: 'tcg' },
    ],
    [
      'cloud-hypervisor --kernel vmlinux --cpus boot=4 --memory size=1G --net tap=tap0,num_queues=4,mtu=1500',
      { kind: 'cloud-hypervisor', accel: 'kvm', vcpus: 4, memoryBytes: 1024 ** 3, queues: 2, mtu: 1500 },
    ],
    ['firecracker --api-sock /tmp/s --config-file vm.json', { kind: 'firecracker', accel: 'kvm' }],
  ])('says what it says, and nothing else: %s', (line, expected) => {
    expect(said(line)).toEqual({ ...nothing, ...expected });
  });

  it('is none of another program', () => {
    expect(said('qemu-img create -f qcow2 a 1G')).toBeNull();
  });
});

describe('configurations by command lines', () => {
  it('are of the VMM whose command line stands above the output, whatever a title compares it with', () => {
    const text = [
      '# Slower than QEMU',
      '```sh\nqemu-system-x86_64 -M q35 -m 512 -enable-kvm\n```',
      `\`\`\`\n${transfer}\n\`\`\``,
      'against:',
      '```sh\ntarget/cloud-hypervisor --kernel vmlinux --memory size=512M\n```',
      `\`\`\`\n${transfer}\n\`\`\``,
    ].join('\n\n');
    const run = runOfNote(text);
    expect(run.experiment.configurations.map(({ vmm }) => vmm.kind)).toEqual(['qemu', 'cloud-hypervisor']);
    expect(leftOutOf(run)).toContain('1 VMM that a heading names: qemu');
  });

  it('are two where the note starts two VMMs by turns', () => {
    const run = runOfCase('two-vmms-by-command');
    expect(run.experiment.configurations).toMatchObject([
      {
        name: 'qemu',
        vmm: { kind: 'qemu', accel: 'kvm', memoryBytes: 512 * 1024 ** 2, options: { machine: 'q35' } },
        nic: { vhost: false, mtu: null },
      },
      { name: 'cloud-hypervisor', vmm: { kind: 'cloud-hypervisor', memoryBytes: 512 * 1024 ** 2 }, nic: null },
    ]);
    expect(run.trials.map(({ measurements }) => measurements.map((one) => one.throughput?.bitsPerSecond))).toEqual([
      [22.6e9],
      [7.94e9],
    ]);
    const [qemu] = run.trials;
    expect(Object.keys(qemu?.notSaid ?? {})).toEqual(
      expect.arrayContaining(['configuration.vmm.vcpus', 'configuration.nic.mtu']),
    );
    expect(Object.keys(qemu?.notSaid ?? {})).not.toContain('configuration.vmm.memoryBytes');
    expect(leftOutOf(run)).toEqual([]);
  });

  it('have names of what differs between two of one VMM', () => {
    const of = (vhost: string): string =>
      `\`\`\`\nqemu-system-x86_64 -m 512 -smp 2 -netdev tap,id=n,vhost=${vhost}\n\`\`\`\n\`\`\`\n${transfer}\n\`\`\``;
    expect(configurationsOf(`${of('on')}\n${of('off')}`)).toEqual([
      { name: 'qemu, vhost', vcpus: 2, vhost: true },
      { name: 'qemu, vhost off', vcpus: 2, vhost: false },
    ]);
  });

  it('say only what VMMs that were started together have alike', () => {
    const vm = (cpus: number): string => `qemu-system-x86_64 -m 512 -smp ${String(cpus)} -netdev tap,id=n,vhost=on`;
    const text = `# VM to VM\n\`\`\`\n${vm(1)}\n${vm(2)}\n\`\`\`\n## Figures\n\`\`\`\n${transfer}\n\`\`\``;
    expect(configurationsOf(text)).toMatchObject([{ vcpus: null, vhost: true }]);
  });

  it('are not those of another VMM than the heading names', () => {
    const text = `# Firecracker\n\`\`\`\nqemu-system-x86_64 -m 512 -smp 2\n\`\`\`\n\`\`\`\n${transfer}\n\`\`\``;
    expect(configurationsOf(text)).toEqual([{ name: 'firecracker', vcpus: null, vhost: null }]);
  });
});
