import type { TrialToRun } from '../experiment/blocks.ts';
import type { BootedFiles } from '../guest/facts.ts';
import type { Ledger } from '../lab/ledger.ts';
import type { Phases } from '../lab/phases.ts';
import type { OnProgress } from '../lab/progress.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import type { GuestFacts } from '../record/guest.ts';
import type { HostFacts } from '../record/host.ts';
import type { GatheredMeasurement } from '../record/measurement.ts';
import type { End } from '../record/topology.ts';
import type { HostSetting, PathFacts, Pin, VmmFacts } from '../record/trial.ts';
import type { Bootable, Machine } from '../world/boot.ts';
import type { World } from '../world/world.ts';

/** What is booted. */
export interface TrialVm {
  readonly bootable: Bootable;
  readonly booted: BootedFiles;
  readonly vmmFacts: () => Promise<Omit<VmmFacts, 'argv' | 'files'>>;
}

export interface TrialOptions {
  readonly runId: string;
  readonly experiment: Experiment;
  readonly configuration: Configuration;
  readonly planned: TrialToRun;
  readonly attempt: number;
  /** What progress calls it: its id, and where the run is. */
  readonly label: string;
  /** What the VMs at each end boot; empty where the topology has no VM. */
  readonly vms: ReadonlyMap<End, TrialVm>;
  /** Whether the tracer works on this host. */
  readonly tracing: HostFacts['tracing'];
  /** How long it may take to attach. */
  readonly attachDeadlineMs: number;
  readonly ledger: Ledger;
  readonly folder: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** What was done to the host for it. */
  readonly settings: readonly HostSetting[];
  /** Awaited before the first window. */
  readonly whileBooting: () => Promise<void>;
  /** Called with the VM still up, after everything was measured: `--keep`. */
  readonly keep: ((world: World) => Promise<void>) | null;
}

/** What one guest and the host's end of its path said of themselves. */
export interface MachineFacts {
  readonly guest: GuestFacts;
  readonly path: PathFacts;
}

/** What a trial has gathered so far: kept also where it fails. */
export interface Draft {
  measurements: GatheredMeasurement[];
  /** Of each machine, in the order of the world; empty until all are known. */
  facts: readonly MachineFacts[];
  pins: Pin[];
  workload: string | null;
  toolCpuNs: number;
  toolResidentBytes: number;
  /** Every machine whose VMM was started. */
  machines: Machine[];
}

/** One boot from lab to teardown. */
export interface Life {
  readonly options: TrialOptions;
  readonly configuration: Configuration;
  readonly draft: Draft;
  readonly phases: Phases;
  /** Everything made for this boot, in the order in which it was made. */
  readonly made: AsyncDisposableStack;
}
