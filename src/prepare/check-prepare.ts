import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Requirement, requirement } from '../host/check/requirement.ts';
import { machineFiles } from '../host/machine-files.ts';
import { readSetting } from '../lab/setting.ts';
import { usableCores } from './core-choice.ts';
import { cpuListText } from './cpu-list-text.ts';
import { readCpuTopology } from './cpu-topology.ts';
import { frequencyPolicies } from './governor.ts';
import { idleStatesAbsent, latencyDevice } from './idle-latency.ts';
import { findIrqbalance } from './irqbalance.ts';
import { hugepagesFile, ksmFile } from './memory.ts';
import { turboSwitch } from './turbo.ts';

/** A vCPU, the VMM, and the load generator of the host. */
const leastRoles = 3;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface Row {
  /** As it is called in an experiment's file. */
  readonly field: string;
  /** null: absent. */
  readonly file: string | null;
  /** How it is, in words. */
  readonly now: string | null;
  readonly absence: string;
  /** What it means that it can't be set; null where nothing is lost. */
  readonly loss: string | null;
}

function row(root: string, { field, file, now, absence, loss }: Row): Requirement {
  const canSet = file !== null && isWritable(join(root, file));
  const state = now === null ? '' : ` (${now})`;
  return requirement({
    name: `prepare.${field}`,
    isOk: canSet || (file === null && loss === null),
    what: file === null ? `absent: ${absence}` : canSet ? `can be set${state}` : `not by this user${state}`,
    meaning: loss ?? 'it stays as it is, and the record says so',
    mend: file === null || canSet ? null : 'run tapbench as root',
    isVital: false,
  });
}

/** The file, or null where it is absent, with the value in force. */
function found(root: string, file: string): Pick<Row, 'file' | 'now'> {
  try {
    const now = readSetting(join(root, file));
    return now === null ? { file: null, now } : { file, now: `now ${now}` };
  } catch {
    return { file, now: null };
  }
}

function pin(root: string): Requirement {
  const topology = readCpuTopology(join(root, 'sys/devices/system/cpu'));
  const cores = usableCores(topology);
  return requirement({
    name: 'prepare.pin',
    isOk: cores.length >= leastRoles,
    what: `${String(cores.length)} usable cores (CPUs ${cpuListText(cores.flatMap(({ cpus }) => cpus))})`,
    meaning: 'vCPU, VMM and load generator need three: with fewer some share a core, and the record says which',
    isVital: false,
  });
}

function clock(root: string): Requirement[] {
  const [policy] = frequencyPolicies(root);
  const governor =
    policy === undefined
      ? { file: null, now: null }
      : found(root, `/sys/devices/system/cpu/cpufreq/policy${String(policy)}/scaling_governor`);
  const loss = 'what the CPUs run at is chosen elsewhere and can neither be held nor seen from here';
  const idle = idleStatesAbsent(root);
  return [
    row(root, { field: 'governor', ...governor, absence: 'the kernel scales no frequencies here', loss }),
    row(root, { field: 'turbo', ...found(root, turboSwitch(root).path), absence: 'no switch for it here', loss }),
    row(root, {
      field: 'idleLatency',
      file: idle === null ? latencyDevice : null,
      now: `idle states by ${machineFiles(root).text('/sys/devices/system/cpu/cpuidle/current_driver') ?? 'none'}`,
      absence: idle ?? '',
      loss: 'how deeply an idle CPU sleeps is chosen elsewhere',
    }),
  ];
}

function rest(root: string): Requirement[] {
  const daemon = findIrqbalance(root);
  const absence = 'not in this kernel';
  return [
    row(root, { field: 'ksm', ...found(root, ksmFile), absence, loss: null }),
    row(root, { field: 'transparentHugepages', ...found(root, hugepagesFile), absence, loss: null }),
    requirement({
      name: 'prepare.irqbalance',
      isOk: daemon === null || process.getuid?.() === 0,
      what:
        daemon === null
          ? 'absent: no irqbalance daemon is known to run'
          : `process ${String(daemon.pid)} can be paused`,
      meaning: 'it may move interrupts to other CPUs in the middle of a window',
      mend: 'run tapbench as root',
      isVital: false,
    }),
  ];
}

/** What `prepare` of an experiment can do on this machine. Reads only. */
export function checkPrepare(root = '/'): Requirement[] {
  return [pin(root), ...clock(root), ...rest(root)];
}
