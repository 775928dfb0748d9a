import { z } from 'zod';
import { experiment } from './experiment.ts';
import { hostFacts } from './host.ts';
import { phase, trial } from './trial.ts';

/** 2: configurations have their workloads, offloads and preparation of their own (`upgrade.ts` brings older records up to it). */
export const schemaVersion = 2;

/** One trial that the plan asks for. */
export const plannedTrial = z.strictObject({
  trialId: z.string(),
  configuration: z.string(),
  block: z.int().positive(),
  boot: z.int().positive(),
});
export type PlannedTrial = z.infer<typeof plannedTrial>;

/** `run.json`: written once, before the first trial. */
export const runHeader = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  runId: z.string(),
  /** ISO 8601, host's wall clock. */
  startedAt: z.string(),
  /** The command line, word for word. */
  command: z.array(z.string()),
  experiment,
  /** The experiment as the user wrote it (YAML), with the overrides of the command line applied. */
  experimentSource: z.string(),
  plan: z.array(plannedTrial),
  host: hostFacts,
});
export type RunHeader = z.infer<typeof runHeader>;

/** What the run cost beside the windows. */
export const overhead = z.strictObject({
  /** From start to end of the run, ns. */
  wallNs: z.number(),
  /** Inside measured and traced windows, ns. */
  measuredNs: z.number(),
  /** CPU time of tapbench's own process inside windows, ns. */
  toolCpuInWindowsNs: z.number(),
  phases: z.array(phase),
});
export type Overhead = z.infer<typeof overhead>;

/** `end.json`: written when a run ends, in whatever way it could still say so; one a session of the run (a resumed run has several). */
export const runEnd = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  status: z.enum(['done', 'interrupted', 'failed']),
  /** What ended a run before its plan was through, though nothing went wrong; null otherwise. */
  stoppedBy: z.enum(['budget']).nullable(),
  /** ISO 8601. */
  endedAt: z.string(),
  overhead,
});
export type RunEnd = z.infer<typeof runEnd>;

/** A whole run as readers see it, and what `--json` prints. */
export const run = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  runId: z.string(),
  startedAt: z.string(),
  /** `unfinished`: no end was written; it was killed, or still runs. */
  status: z.enum(['done', 'interrupted', 'failed', 'unfinished']),
  /** Of its last session. */
  stoppedBy: z.enum(['budget']).nullable(),
  tags: z.array(z.string()),
  command: z.array(z.string()),
  experiment,
  experimentSource: z.string(),
  plan: z.array(plannedTrial),
  host: hostFacts,
  trials: z.array(trial),
  overhead: overhead.nullable(),
});
export type Run = z.infer<typeof run>;
