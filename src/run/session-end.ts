import { monotonicNs } from '../lab/clock.ts';
import { type RunEnd, schemaVersion } from '../record/run.ts';
import type { GatheredTrial, Phase } from '../record/trial.ts';
import type { Stage } from './run-request.ts';

/** How a session of the run came to its end. */
export type Ending = Pick<RunEnd, 'status' | 'stoppedBy'>;

function windowNs(phases: readonly Phase[]): number {
  return phases.reduce((sum, { isWindow, startNs, endNs }) => sum + (isWindow ? endNs - startNs : 0), 0);
}

/** The end of a session, with its own phases only: each trial keeps those of its own, and those of 10,000 would be more than a record may hold. */
export function sessionEnd(
  { phases, startNs }: Pick<Stage, 'phases' | 'startNs'>,
  trials: readonly GatheredTrial[],
  ending: Ending,
): RunEnd {
  return {
    schemaVersion,
    ...ending,
    endedAt: new Date().toISOString(),
    overhead: {
      wallNs: monotonicNs() - startNs,
      measuredNs: trials.reduce((sum, trial) => sum + windowNs(trial.phases), windowNs(phases.list)),
      toolCpuInWindowsNs: trials.reduce((sum, trial) => sum + (trial.toolCpuInWindowsNs ?? 0), 0),
      phases: [...phases.list],
    },
  };
}
