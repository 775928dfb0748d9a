import type { InstrumentTurn, WorkloadProgram } from './workload.ts';
import { usualKinds, workloads } from './workloads.ts';

/** A program together with whether every machine must have it: its workload is one that an experiment runs which names none. */
export interface KnownProgram extends WorkloadProgram {
  readonly isVital: boolean;
}

/** Every program that a workload needs, for the guest image and for what a machine is checked for. */
export const workloadPrograms: readonly KnownProgram[] = workloads.flatMap(({ kind, programs }) =>
  programs.map((program) => ({ ...program, isVital: usualKinds.some((usual) => usual === kind) })),
);

/** Whether a version (`3.18`, `3.18-2`) is of this turn or later; null where it can't be read. */
export function hasTurned(version: string, { since }: InstrumentTurn): boolean | null {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > since[0] || (major === since[0] && minor >= since[1]);
}

/** What brings Debian packages. @param install the command that installs what starts no service */
export function installHint(packages: readonly string[], install = 'apt-get install'): string {
  const isService = (name: string): boolean =>
    workloadPrograms.some(({ debianPackage, startsService }) => debianPackage === name && startsService === true);
  const [installed, unpacked] = [packages.filter((name) => !isService(name)), packages.filter(isService)];
  return [
    ...(installed.length === 0 ? [] : [`${install} ${installed.join(' ')}`]),
    ...(unpacked.length === 0
      ? []
      : [`TAPBENCH_SETUP_ONLY=1 ./tapbench, which unpacks ${unpacked.join(', ')} without starting its service`]),
  ].join('; ');
}

/** The programs that workloads of this kind run. */
export function programsOf(kind: string): readonly WorkloadProgram[] {
  return workloads.find((one) => one.kind === kind)?.programs ?? [];
}
