import { ParseError } from '../record/error.ts';
import { fitted } from '../record/fitted.ts';
import { type GuestFacts, guestFacts, type RootfsFacts } from '../record/guest.ts';
import type { RootfsWords } from './rootfs/enter.ts';
import { featureBits, featureName } from './virtio-features.ts';

/** What was booted: known to the host, not to the guest. */
export type BootedFiles = Pick<GuestFacts, 'kernelSha256' | 'initrdSha256' | 'imageId'> & {
  readonly rootfs: Pick<RootfsFacts, 'form' | 'sha256' | 'tools'> | null;
};

/** The files of the first part of what `facts` of init.sh printed (`PATH:LINE`), each with its text, and the named sections after it. */
function sections(text: string): ReadonlyMap<string, string> {
  const [files = '', ...parts] = text.split(/^=== (.+)$/m);
  const map = new Map<string, string>();
  for (const [, path = '', line = ''] of files.matchAll(/^([\w./-]+):(.*)$/gm)) {
    map.set(path, map.has(path) ? `${map.get(path) ?? ''}\n${line}` : line);
  }
  for (let index = 0; index + 1 < parts.length; index += 2)
    map.set(parts[index] ?? '', (parts[index + 1] ?? '').trim());
  return map;
}

/** `ethtool -k`: `feature: on|off [fixed]`, by feature. The first line is a heading. */
export function parseOffloads(text: string): Record<string, boolean> {
  const entries = [...text.matchAll(/^\s*([\w-]+): (on|off)\b/gm)].map(
    ([, name, state]) => [name ?? '', state === 'on'] as const,
  );
  return Object.fromEntries(entries);
}

/** The files below /proc/sys, by the dotted name of the sysctl. */
function sysctlsOf(found: ReadonlyMap<string, string>): Record<string, string> {
  const entries = [...found].flatMap(([path, text]) =>
    path.startsWith('net/') ? [[path.replaceAll('/', '.'), text.replaceAll('\t', ' ').trim()] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** By the driver of the device that the virtio device sits on. */
const transports: Readonly<Record<string, 'mmio' | 'pci'>> = { 'virtio-mmio': 'mmio', 'virtio-pci': 'pci' };

/** The driver that a device's `uevent` names; null where it has none. */
function driverOf(uevent: string | undefined): string | null {
  return /^DRIVER=(.+)$/m.exec(uevent ?? '')?.[1] ?? null;
}

/** By the lines of /proc/interrupts that name a virtio device: `IO-APIC 5-edge virtio0`, `PCI-MSIX-0000:00:02.0 1-edge virtio0-input.0`. */
function interruptsOf(text: string): GuestFacts['nic']['interrupts'] {
  const lines = text.split('\n').filter((line) => line.includes('virtio'));
  if (lines.length === 0) return null;
  return lines.some((line) => line.includes('MSI')) ? 'msi-x' : 'line';
}

/** `ethtool -g`: the sizes in use stand below `Current hardware settings`; null where the driver does not say. */
function queueSizes(text: string): GuestFacts['nic']['queueSizes'] {
  const [, current = ''] = text.split('Current hardware settings:');
  const rx = /^RX:\s+(\d+)$/m.exec(current)?.[1];
  const tx = /^TX:\s+(\d+)$/m.exec(current)?.[1];
  return rx === undefined || tx === undefined ? null : { rx: Number(rx), tx: Number(tx) };
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/**
 * Reads what the guest said of itself.
 * @param words of the root file system that it entered; null: it has none
 * @throws ParseError where a fact that every guest has is missing, or no such fact
 */
export function parseGuestFacts(
  text: string,
  { rootfs, ...booted }: BootedFiles,
  words: RootfsWords | null = null,
): GuestFacts {
  const found = sections(text);
  const need = (name: string): string => {
    const value = found.get(name);
    if (value === undefined || value === '')
      throw new ParseError({ file: 'facts of the guest', path: name }, 'missing');
    return value;
  };
  const cpuinfo = need('/proc/cpuinfo');
  const memory = /^MemTotal:\s+(\d+) kB/m.exec(need('/proc/meminfo'))?.[1];
  if (memory === undefined) throw new ParseError({ file: 'facts of the guest', path: '/proc/meminfo' }, 'no MemTotal');
  const bits = featureBits(need('/sys/class/net/eth0/device/features'));
  const sysctls = sysctlsOf(found);
  const facts: GuestFacts = {
    kernelRelease: need('kernel/osrelease'),
    kernelVersion: need('/proc/version'),
    kernelCommandLine: need('/proc/cmdline'),
    cpus: count(cpuinfo, /^processor\s*:/gm),
    cpuModel: /^model name\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? null,
    memoryTotalBytes: Number(memory) * 1024,
    clocksource: found.get('/sys/devices/system/clocksource/clocksource0/current_clocksource') ?? null,
    nic: {
      device: 'eth0',
      driver: driverOf(found.get('/sys/class/net/eth0/device/uevent')),
      mac: need('/sys/class/net/eth0/address'),
      mtu: Number(need('/sys/class/net/eth0/mtu')),
      queues: count(need('queues'), /\/tx-/g),
      transport: transports[driverOf(found.get('/sys/class/net/eth0/device/../uevent')) ?? ''] ?? null,
      interrupts: interruptsOf(found.get('/proc/interrupts') ?? ''),
      queueSizes: queueSizes(found.get('rings') ?? ''),
      virtioFeatureBits: bits,
      virtioFeatures: bits.map(featureName),
      offloads: parseOffloads(need('offloads')),
    },
    congestionControl: sysctls['net.ipv4.tcp_congestion_control'] ?? '',
    sysctls,
    ...booted,
    ...(rootfs === null || words === null ? {} : { rootfs: { ...rootfs, ...words } }),
  };
  return fitted(guestFacts, facts, 'facts of the guest');
}
