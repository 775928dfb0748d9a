import { emulatedHypervisor } from '../record/emulated-hypervisor.ts';
import { hypervisor } from './hypervisor.ts';
import { type MachineFiles, machineFiles } from './machine-files.ts';

/** bpftrace compiles and attaches in 0.3 to 1.5 s, in more on a busy host. */
const usualMs = 30_000;
/** Where the machine itself is emulated: in 3 to 14 s, in more than 30 s where its host is busy. */
const emulatedMs = 120_000;

/** How long a tracer may take to attach on this machine, ms. */
export function attachDeadlineMs(files: MachineFiles = machineFiles()): number {
  return hypervisor(files) === emulatedHypervisor ? emulatedMs : usualMs;
}
