import { randomInt } from 'node:crypto';
import type { Configuration, Experiment, VmmOptions } from '../../record/experiment.ts';
import { machineCount } from '../../record/topology.ts';
import type { Refusal } from '../../vmm/driver.ts';
import { drivers } from '../../vmm/drivers.ts';
import { resolveOptions } from '../../vmm/vmm-option.ts';
import { specOf } from '../../workload/written.ts';
import { prepareRecord } from './host.ts';
import type { Mistake } from './issue.ts';
import type { ExperimentFile } from './schema.ts';
import { sharedWindows, workloadMistakes, writtenWorkloads } from './workloads.ts';

/** The options of the VMM that the file names. */
function optionsOf({ vmm }: ExperimentFile): { options: VmmOptions; refusals: readonly Refusal[] } {
  const driver = drivers.get(vmm.kind);
  return driver === undefined ? { options: {}, refusals: [] } : resolveOptions(driver, vmm.options);
}

/** What the VMM of the file can't do. Its machine is asked only about options that it has. */
function vmmMistakes(file: ExperimentFile): Mistake[] {
  const { refusals } = optionsOf(file);
  const configuration = configurationRecord(file, { name: '', factors: {} });
  const all = refusals.length > 0 ? refusals : (drivers.get(file.vmm.kind)?.refusals(configuration, null) ?? []);
  return all.map(({ field, message }) => ({ path: field.split('.'), isAboutKey: false, message }));
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

/** What is wrong with values that are each right by themselves. */
export function contradictions(file: ExperimentFile): Mistake[] {
  const mistakes: Mistake[] = [...vmmMistakes(file), ...worldMistakes(file)];
  const { csum, tso } = file.nic.offloads;
  if (tso && !csum) {
    // Virtual I/O Device (VIRTIO) 1.2, section 5.1.3.1: VIRTIO_NET_F_HOST_TSO4 requires VIRTIO_NET_F_CSUM.
    const message = 'off needs nic.offloads.tso: off beside it (virtio segments no TCP without checksums)';
    mistakes.push({ path: ['nic', 'offloads', 'csum'], isAboutKey: false, message });
  }
  mistakes.push(...workloadMistakes(file));
  return mistakes;
}

/** One configuration: base units, every default filled in. Paths must be absolute by now. */
export function configurationRecord(
  file: ExperimentFile,
  { name, factors }: Pick<Configuration, 'name' | 'factors'>,
): Configuration {
  const { vmm, guest, nic, trace } = file;
  const together = sharedWindows(file);
  return {
    name,
    factors,
    topology: file.topology,
    pairs: file.pairs,
    vmm: {
      kind: vmm.kind,
      accel: vmm.accel,
      binary: vmm.binary,
      vcpus: vmm.vcpus,
      memoryBytes: vmm.memory,
      options: optionsOf(file).options,
    },
    guest,
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
