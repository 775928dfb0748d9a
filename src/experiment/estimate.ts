import type { Configuration, Experiment, WorkloadSpec } from '../record/experiment.ts';
import { hasVm, machineCount } from '../record/topology.ts';
import { windowsOf } from '../record/windows.ts';
import { workloadFor } from '../workload/bound-workload.ts';

/**
 * What a trial takes beside its traffic, in ns. Measured with QEMU 7.2 under emulation on two cores, where everything is slowest:
 * whole trials of two workloads came within a fifth of what these add up to.
 */
const overheadNs = {
  /** From exec of the VMM to a guest that answers. */
  boot: 1.5e9,
  /** Facts of guest and path, making the lab, taking everything down. */
  around: 0.4e9,
  /** Server, collecting what the tools left, and reading it, of each window. */
  window: 0.3e9,
  /** Attaching the tracer for a window of its own, and ending it. */
  tracer: 0.8e9,
} as const;

/** Of the cores that this was measured on, each boots one guest at a time. */
const bootsAtOnce = 2;

/** What an experiment gives all its trials, in ns. */
export type TrialTimes = Pick<Experiment, 'settleNs' | 'warmupNs'>;

/** From the start of the clients of a window to the end of the last of them, ns. @param durationNs null: as each is asked for */
function longest(specs: readonly WorkloadSpec[], durationNs: number | null): number {
  const each = specs.map((spec) => {
    const { trafficNs, aroundTrafficNs } = workloadFor(durationNs === null ? spec : { ...spec, durationNs });
    return trafficNs + aroundTrafficNs;
  });
  return Math.max(...each);
}

/** What searches before a window take at most, ns. */
function searchNs(specs: readonly WorkloadSpec[]): number {
  return specs.reduce((sum, spec) => {
    const { search } = workloadFor(spec);
    return search === null ? sum : sum + search.mostSteps * (longest([search.step], null) + overheadNs.window);
  }, 0);
}

/** About how long one trial takes, in ns: its boot, its windows and what lies between them. */
export function trialTimeNs(configuration: Configuration, { settleNs, warmupNs }: TrialTimes): number {
  const { trace } = configuration;
  const bootNs = overheadNs.boot * Math.ceil(machineCount(configuration) / bootsAtOnce);
  const isTracedApart = trace.mode === 'separate' && hasVm(configuration);
  const windowsNs = windowsOf(configuration).map((specs) => {
    const warmupWindowNs = warmupNs === 0 ? 0 : longest(specs, warmupNs);
    const measuredNs = searchNs(specs) + longest(specs, null) + overheadNs.window * specs.length;
    if (!isTracedApart) return warmupWindowNs + measuredNs;
    const tracedNs = longest(specs, trace.durationNs) + overheadNs.window * specs.length + overheadNs.tracer;
    return warmupWindowNs + measuredNs + tracedNs;
  });
  return settleNs + bootNs + overheadNs.around + windowsNs.reduce((sum, each) => sum + each, 0);
}

/** About how long one block takes, in ns: one trial of each configuration. */
export function blockTimeNs(experiment: Pick<Experiment, 'configurations'> & TrialTimes): number {
  return experiment.configurations.reduce((sum, each) => sum + trialTimeNs(each, experiment), 0);
}

/** About how long a run takes, in ns, if no trial has to be repeated. */
export function runTimeNs(experiment: Pick<Experiment, 'configurations' | 'boots'> & TrialTimes): number {
  return experiment.boots * blockTimeNs(experiment);
}
