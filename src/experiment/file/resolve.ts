import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration, Experiment, GuestSpec, VmmOptions, VmmSpec } from '../../record/experiment.ts';
import { atEnd, type End, machineCount, vmEnds } from '../../record/topology.ts';
import type { Refusal } from '../../vmm/driver.ts';
import { drivers } from '../../vmm/drivers.ts';
import { resolveOptions } from '../../vmm/vmm-option.ts';
import { specOf } from '../../workload/written.ts';
import { prepareRecord } from './host.ts';
import type { Mistake } from './issue.ts';
import type { ExperimentFile } from './schema.ts';
import { sharedWindows, workloadMistakes, writtenWorkloads } from './workloads.ts';

type WrittenVmm = Omit<ExperimentFile['vmm'], End>;

/** The VMM of the VMs at one end. Where theirs is another, binary and options of the common one are not for it. */
function vmmAt({ vmm }: ExperimentFile, end: End): WrittenVmm {
  const own = vmm[end] ?? {};
  const kind = own.kind ?? vmm.kind;
  const isSame = kind === vmm.kind;
  const binary = isSame ? vmm.binary : null;
  return {
    kind,
    accel: own.accel ?? vmm.accel,
    binary: own.binary === undefined ? binary : own.binary,
    vcpus: own.vcpus ?? vmm.vcpus,
    memory: own.memory ?? vmm.memory,
    options: { ...(isSame ? vmm.options : {}), ...own.options },
  };
}

/** The options of the VMM at an end. */
function optionsAt(file: ExperimentFile, end: End): { options: VmmOptions; refusals: readonly Refusal[] } {
  const { kind, options } = vmmAt(file, end);
  const driver = drivers.get(kind);
  return driver === undefined ? { options: {}, refusals: [] } : resolveOptions(driver, options);
}

function specAt(file: ExperimentFile, end: End): Omit<VmmSpec, 'server'> {
  const { kind, accel, binary, vcpus, memory } = vmmAt(file, end);
  return { kind, accel, binary, vcpus, memoryBytes: memory, options: optionsAt(file, end).options };
}

/** That of the first end with a VM, and of the servers' end where theirs is another. */
function vmmRecord(file: ExperimentFile): VmmSpec {
  const [first = 'client', ...others] = vmEnds[file.topology];
  const own = specAt(file, first);
  const server = others.map((end) => specAt(file, end)).find((other) => !isDeepStrictEqual(other, own));
  return server === undefined ? own : { ...own, server };
}

/** The key of a VMM that a refusal is about, where the file has it: at the end or in common. */
function vmmPath({ vmm }: ExperimentFile, end: End, field: string): string[] {
  const [first = '', ...rest] = field.split('.');
  const own = vmm[end];
  const isOwn = first === 'vmm' && own !== null && Object.hasOwn(own, rest[0] ?? '');
  return isOwn ? [first, end, ...rest] : [first, ...rest];
}

/** What the VMMs of the file can't do. A machine is asked only about options that it has. */
function vmmMistakes(file: ExperimentFile): Mistake[] {
  const configuration = configurationRecord(file, { name: '', factors: {} });
  const [first = 'client', ...others] = vmEnds[file.topology];
  const isOneForBoth = file.vmm.client === null && file.vmm.server === null;
  return [first, ...(isOneForBoth ? [] : others)].flatMap((end) => {
    const { refusals } = optionsAt(file, end);
    const driver = drivers.get(vmmAt(file, end).kind);
    const all = refusals.length > 0 ? refusals : (driver?.refusals(atEnd(configuration, end), null) ?? []);
    return all.map(({ field, message }) => ({ path: vmmPath(file, end, field), isAboutKey: false, message }));
  });
}

/** VMMs of ends that have no VM. */
function endMistakes({ vmm, topology }: ExperimentFile): Mistake[] {
  return (['client', 'server'] as const).flatMap((end) => {
    if (vmm[end] === null || vmEnds[topology].includes(end)) return [];
    const others = Object.entries(vmEnds).flatMap(([name, ends]) => (ends.includes(end) ? [name] : []));
    const message = `topology ${topology} has no VM at the ${end}'s end: leave it out, or take ${others.join(' or ')}`;
    return [{ path: ['vmm', end], isAboutKey: true, message }];
  });
}

/** What needs one VM and one end on the host. */
function worldMistakes(file: ExperimentFile): Mistake[] {
  const { prepare, trace } = file;
  if (machineCount(file) === 1) return [];
  const mistake = (path: string[], what: string): Mistake => ({
    path,
    isAboutKey: false,
    message: `${what} needs one VM and the host: pairs: 1, and topology: vm-to-host or host-to-vm`,
  });
  return [
    ...(prepare.pin === 'none' ? [] : [mistake(['prepare', 'pin'], 'pinning')]),
    ...(trace.mode === 'lab-note' ? [mistake(['trace', 'mode'], 'the script of a lab note')] : []),
  ];
}

/** What of the guest needs something else of it. */
function guestMistakes({ guest }: ExperimentFile): Mistake[] {
  const { kernel, initrd, rootfs, tools, init, modules } = guest;
  const mistake = (key: string, message: string): Mistake => ({ path: ['guest', key], isAboutKey: false, message });
  const ofOwnInitrd = 'needs the initramfs of the guest image, which mounts it: guest.initrd: null';
  return [
    ...(rootfs !== null && initrd !== null ? [mistake('rootfs', ofOwnInitrd)] : []),
    ...(rootfs === null && tools === 'rootfs'
      ? [mistake('tools', 'rootfs needs guest.rootfs, the root file system that has them')]
      : []),
    ...(rootfs === null && init === 'theirs'
      ? [mistake('init', 'theirs needs guest.rootfs, the root file system whose init it is')]
      : []),
    ...(modules !== null && kernel === null
      ? [mistake('modules', "needs guest.kernel, the kernel that they are of: the image's kernel brings its own")]
      : []),
    ...(modules !== null && initrd !== null
      ? [mistake('modules', 'go into the initramfs of the guest image: guest.initrd: null')]
      : []),
  ];
}

/** What is wrong with values that are each right by themselves. */
export function contradictions(file: ExperimentFile): Mistake[] {
  const mistakes: Mistake[] = [
    ...endMistakes(file),
    ...vmmMistakes(file),
    ...worldMistakes(file),
    ...guestMistakes(file),
  ];
  const { csum, tso } = file.nic.offloads;
  if (tso && !csum) {
    // Virtual I/O Device (VIRTIO) 1.2, section 5.1.3.1: VIRTIO_NET_F_HOST_TSO4 requires VIRTIO_NET_F_CSUM.
    const message = 'off needs nic.offloads.tso: off beside it (virtio segments no TCP without checksums)';
    mistakes.push({ path: ['nic', 'offloads', 'csum'], isAboutKey: false, message });
  }
  mistakes.push(...workloadMistakes(file));
  return mistakes;
}

/** What stands for the guest image's own is left out. */
function guestRecord({ kernel, initrd, rootfs, tools, init, modules, ...rest }: ExperimentFile['guest']): GuestSpec {
  return {
    kernel,
    initrd,
    ...(rootfs === null ? {} : { rootfs, tools }),
    ...(init === 'ours' ? {} : { init }),
    ...(modules === null ? {} : { modules }),
    ...rest,
  };
}

/** One configuration: base units, every default filled in. Paths must be absolute by now. */
export function configurationRecord(
  file: ExperimentFile,
  { name, factors }: Pick<Configuration, 'name' | 'factors'>,
): Configuration {
  const { guest, nic, trace } = file;
  const together = sharedWindows(file);
  return {
    name,
    factors,
    topology: file.topology,
    pairs: file.pairs,
    vmm: vmmRecord(file),
    guest: guestRecord(guest),
    nic,
    trace: { mode: trace.mode, timing: trace.timing, durationNs: trace.duration },
    prepare: prepareRecord(file.prepare),
    workloads: writtenWorkloads(file).map(({ written }) => specOf(written)),
    ...(together.length === 0 ? {} : { together }),
  };
}

/** Seeds of 32 bits are what the generator of the order takes in. */
const seeds = 2 ** 32;

/** The record of an experiment: base units, every default filled in, a seed drawn where the file has none. */
export function experimentRecord(
  file: ExperimentFile,
  { name, configurations }: Pick<Experiment, 'name' | 'configurations'>,
): Experiment {
  return {
    name: file.name ?? name,
    description: file.description,
    boots: file.boots ?? 1,
    order: file.order,
    seed: file.seed ?? randomInt(seeds),
    budgetNs: file.budget,
    settleNs: file.settle,
    warmupNs: file.warmup,
    bootTimeoutNs: file.bootTimeout,
    timeoutNs: file.timeout,
    configurations,
  };
}
