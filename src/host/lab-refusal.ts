import { accessSync, constants } from 'node:fs';
import { type MachineFiles, machineFiles } from './machine-files.ts';

/** What the lab needs to do. */
const capabilities: readonly Capability[] = [
  { name: 'CAP_NET_ADMIN', bit: 12n },
  { name: 'CAP_SYS_ADMIN', bit: 21n },
];

/** Why no lab can be made here, and what mends it. */
export interface LabRefusal {
  readonly reason: string;
  readonly hint: string;
}

export interface Asker {
  readonly userId: number;
  readonly files: MachineFiles;
  readonly tunDevice: string;
}

function ourselves(): Asker {
  return { userId: process.getuid?.() ?? 0, files: machineFiles(), tunDevice: '/dev/net/tun' };
}

/** A capability of the kernel, with its bit (linux/capability.h). */
export interface Capability {
  readonly name: string;
  readonly bit: bigint;
}

/** Names of those that this process does not have; none where the kernel does not say. */
export function missingCapabilities(wanted: readonly Capability[], files: MachineFiles = machineFiles()): string[] {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(files.text('/proc/self/status') ?? '')?.[1];
  if (effective === undefined) return [];
  return wanted.filter(({ bit }) => ((BigInt(`0x${effective}`) >> bit) & 1n) === 0n).map(({ name }) => name);
}

/** Why this process may not make namespaces and taps; null where it may, as the kernel tells without anything being made. */
export function privilegeRefusal({ userId, files }: Asker = ourselves()): LabRefusal | null {
  if (userId !== 0) {
    return {
      reason: 'a run makes network namespaces and taps, which needs root',
      hint: 'run it as root, for example: sudo ./tapbench run',
    };
  }
  const missing = missingCapabilities(capabilities, files);
  if (missing.length === 0) return null;
  const names = missing.join(' and ');
  return {
    reason: `root lacks ${names} here, which network namespaces and taps need`,
    hint: 'start the container with these capabilities (docker: --privileged), or run outside of it',
  };
}

/**
 * Why no lab can be made here; null where nothing is known to stand in its way. Costs two looks at the kernel: whoever wants proof makes one.
 * @param hasTaps whether a VM is in it
 */
export function labRefusal(hasTaps: boolean, asker: Asker = ourselves()): LabRefusal | null {
  const refusal = privilegeRefusal(asker);
  if (refusal !== null || !hasTaps) return refusal;
  try {
    accessSync(asker.tunDevice, constants.R_OK | constants.W_OK);
    return null;
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const what = isAbsent ? `there is no ${asker.tunDevice}` : `${asker.tunDevice} can't be opened`;
    return { reason: `${what}, so no tap can be made`, hint: 'modprobe tun' };
  }
}
