import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../record/error.ts';
import { guestFacts } from '../record/guest.ts';
import { parseGuestFacts } from './facts.ts';

// Shortened from a guest of the image: Debian's 6.1 cloud kernel on QEMU's microvm machine.
const text = `net/ipv4/tcp_congestion_control:cubic
net/ipv4/tcp_rmem:4096\t131072\t3612096
net/core/default_qdisc:fq_codel
/proc/version:Linux version 6.1.0-56-cloud-amd64 (gcc-12: 12.2.0) #1 SMP
/proc/cmdline:console=ttyS0 tapbench.address=192.168.100.2/24
/proc/meminfo:MemTotal:         481438 kB
/proc/meminfo:MemFree:          443120 kB
/proc/cpuinfo:processor\t: 0
/proc/cpuinfo:model name\t: QEMU Virtual CPU version 2.5+
/proc/cpuinfo:processor\t: 1
kernel/osrelease:6.1.0-56-cloud-amd64
/sys/devices/system/clocksource/clocksource0/current_clocksource:tsc-early
/sys/class/net/eth0/address:02:74:62:00:00:02
/sys/class/net/eth0/mtu:1500
/sys/class/net/eth0/device/features:1100010000000000000000000000000010000000000000000000000000000000
/sys/class/net/eth0/device/uevent:DRIVER=virtio_net
/sys/class/net/eth0/device/uevent:MODALIAS=virtio:d00000001v554D4551
/sys/class/net/eth0/device/../uevent:DRIVER=virtio-mmio
/sys/class/net/eth0/device/../uevent:MODALIAS=acpi:LNRO0005:
/proc/interrupts:           CPU0       CPU1
/proc/interrupts:  5:        312          0   IO-APIC   5-edge      virtio0
/proc/interrupts: 24:          0          0  PCI-MSI 1048576-edge      other
=== queues
/sys/class/net/eth0/queues/rx-0 /sys/class/net/eth0/queues/tx-0
=== offloads
Features for eth0:
rx-checksumming: on [fixed]
tcp-segmentation-offload: off
	tx-tcp-segmentation: on
`;

const booted = { kernelSha256: 'aa', initrdSha256: 'bb', imageId: null, rootfs: null };

describe('parseGuestFacts', () => {
  it('reads kernel, memory, CPUs, the card and what shapes its TCP', () => {
    expect(parseGuestFacts(text, booted)).toMatchObject({
      kernelRelease: '6.1.0-56-cloud-amd64',
      kernelVersion: 'Linux version 6.1.0-56-cloud-amd64 (gcc-12: 12.2.0) #1 SMP',
      cpus: 2,
      cpuModel: 'QEMU Virtual CPU version 2.5+',
      memoryTotalBytes: 481_438 * 1024,
      clocksource: 'tsc-early',
      nic: { driver: 'virtio_net', mac: '02:74:62:00:00:02', mtu: 1500, queues: 1 },
      congestionControl: 'cubic',
      sysctls: { 'net.ipv4.tcp_rmem': '4096 131072 3612096', 'net.core.default_qdisc': 'fq_codel' },
    });
  });

  it('reads the transport of the card and the kind of its interrupts', () => {
    expect(parseGuestFacts(text, booted).nic).toMatchObject({ transport: 'mmio', interrupts: 'line' });
    const pci = text
      .replace('DRIVER=virtio-mmio', 'DRIVER=virtio-pci')
      .replace('IO-APIC   5-edge', 'PCI-MSIX-0000:00:02.0   1-edge');
    expect(parseGuestFacts(pci, booted).nic).toMatchObject({ transport: 'pci', interrupts: 'msi-x' });
    const silent = text.replace(/^.*\/device\/\.\.\/uevent:.*\n/gm, '').replace(/^.*virtio0\n/m, '');
    expect(parseGuestFacts(silent, booted).nic).toMatchObject({ transport: null, interrupts: null });
  });

  it('names the negotiated virtio features by their bits', () => {
    const { nic } = parseGuestFacts(text, booted);
    expect(nic.virtioFeatureBits).toEqual([0, 1, 5, 32]);
    expect(nic.virtioFeatures).toEqual([
      'VIRTIO_NET_F_CSUM',
      'VIRTIO_NET_F_GUEST_CSUM',
      'VIRTIO_NET_F_MAC',
      'VIRTIO_F_VERSION_1',
    ]);
  });

  it('reads offloads that are fixed, off, or part of another', () => {
    expect(parseGuestFacts(text, booted).nic.offloads).toEqual({
      'rx-checksumming': true,
      'tcp-segmentation-offload': false,
      'tx-tcp-segmentation': true,
    });
  });

  it('names the fact that is missing', () => {
    expect(() => parseGuestFacts(text.replace(/^\/proc\/version.*\n/m, ''), booted)).toThrow(
      expect.objectContaining({ code: 'PARSE_FAILED', path: '/proc/version' }),
    );
  });

  it('makes facts that can be stored, or one of our errors, of whatever a guest says', () => {
    const hostile = fc.constantFrom(
      '',
      'x',
      '-1',
      '9'.repeat(400),
      'NaN',
      '__proto__',
      '\u0000\u001b[2J',
      '\n=== offloads\n',
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), hostile, (at, removed, inserted) => {
        const changed = text.slice(0, at) + inserted + text.slice(at + removed);
        try {
          expect(guestFacts.parse(JSON.parse(JSON.stringify(parseGuestFacts(changed, booted))))).toBeTruthy();
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
