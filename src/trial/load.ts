import type { WorkloadSpec } from '../record/experiment.ts';
import { type BoundWorkload, workloadFor } from '../workload/bound-workload.ts';

/** One workload of a window. */
export interface Load {
  readonly spec: WorkloadSpec;
  readonly workload: BoundWorkload;
  /** Folder of its raw files, relative to the trial's. */
  readonly part: string;
}

/** What a window is called where several share it. */
export function windowName(specs: readonly WorkloadSpec[]): string {
  return specs.map(({ name }) => name).join('+');
}

/** The workloads of a window. @param suffix of their folders: a trial has several windows of the same workloads */
export function loadsOf(specs: readonly WorkloadSpec[], suffix = ''): Load[] {
  return specs.map((spec) => ({ spec, workload: workloadFor(spec), part: `${spec.name}${suffix}` }));
}

/** How long traffic flows at most, and how long none surely flows after the start, ns. */
export function trafficTimes(loads: readonly Load[]): { readonly trafficNs: number; readonly silentNs: number } {
  return {
    trafficNs: Math.max(...loads.map(({ workload }) => workload.trafficNs)),
    silentNs: Math.min(...loads.map(({ workload }) => workload.silentNs)),
  };
}
