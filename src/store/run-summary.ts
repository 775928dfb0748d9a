import type { RunSource } from '../record/run.ts';

/** As the last end of a run says; `unfinished` where there is none, `damaged` where one of its records can't be used, as far as a list looks at them. */
export const runStatuses = ['done', 'interrupted', 'failed', 'unfinished', 'damaged'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** One line of a list of runs. */
export interface RunSummary {
  readonly runId: string;
  readonly folder: string;
  /** ISO 8601; null where `run.json` can't be used, as all from here that is only known from it. */
  readonly startedAt: string | null;
  readonly experiment: string | null;
  readonly source: RunSource['kind'] | null;
  /** Of the host: equal for runs of one machine with one kernel; null for a lab note, too. */
  readonly fingerprint: string | null;
  readonly configurations: readonly string[];
  readonly workloads: readonly string[];
  readonly plannedTrials: number;
  /** Trials of the plan with a record, failed ones included and repetitions not. */
  readonly finishedTrials: number;
  readonly status: RunStatus;
  readonly tags: readonly string[];
  /** Why it is damaged. */
  readonly problem: string | null;
}
