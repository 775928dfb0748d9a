import type { Ledger } from '../lab/ledger.ts';
import type { Phases } from '../lab/phases.ts';
import type { OnProgress } from '../lab/progress.ts';
import type { Experiment } from '../record/experiment.ts';
import type { HostFacts } from '../record/host.ts';
import type { RunHeader } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';
import type { Store } from '../store/store.ts';
import type { World } from '../world/world.ts';

/** What is to be run, and how it is watched and cut short. */
export interface RunRequest {
  readonly experiment: Experiment;
  /** The experiment as its user wrote it. */
  readonly source: string;
  /** The command line, for the record. */
  readonly command: readonly string[];
  readonly store: Store;
  readonly onProgress: OnProgress;
  /** Aborted by an interrupt; its reason is the error that the run ends with. */
  readonly signal: AbortSignal;
  /** Id of a run to go on with; null for a new one. */
  readonly resume: string | null;
  /** Whether a trial may stand as it is: one that failed or contradicts itself is booted once more at the end of its block. */
  readonly isSound: (trial: GatheredTrial, header: RunHeader) => Promise<boolean>;
  /** Called each time a guest has been started, and awaited before its first window: work that the boot leaves time for. */
  readonly whileBooting: () => Promise<void>;
  /** Called with the last trial's VM still up. */
  readonly keep: ((world: World) => Promise<void>) | null;
}

/** What all trials of one session of a run share. */
export interface Stage {
  /** Whether the tracer works on this host. */
  readonly tracing: HostFacts['tracing'];
  readonly request: RunRequest;
  readonly ledger: Ledger;
  readonly phases: Phases;
  /** CLOCK_MONOTONIC ns: the start of the session. */
  readonly startNs: number;
}
