import { z } from 'zod';
import { count, folderName, moment, name, natural, ordinal, positive } from './bounds.ts';
import { ceilingShare } from './ceiling-share.ts';
import { hostFacts } from './host.ts';
import { loadGrowth } from './load-growth.ts';
import { recordedExperiment } from './recorded-experiment.ts';
import { phase, trial } from './trial.ts';

/**
 * 2: configurations have their workloads, offloads and preparation of their own. 3: lab notes are records too, so that what they don't say is null; VMMs
 * have options of their own, queues and vhost; KVM's exits and the VMM's own counters. 4: the host's scheduling. 5: what the VMM said went
 * wrong. 6: flows and machines. `upgrade.ts` brings older records up to it.
 */
export const schemaVersion = 6;

/** Where a run's figures come from. */
export const runSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('measured') }),
  z.strictObject({
    kind: z.literal('lab-note'),
    /** Name of its file, without the folder. */
    file: z.string(),
    sha256: z.string(),
    lineCount: natural,
    /** Lines of blocks that were left empty. */
    notRecorded: z.array(positive),
    /** What stands in it and is in no figure of the record: lines, with what they hold and why. */
    leftOut: z.array(z.strictObject({ line: positive, what: z.string(), why: z.string() })),
  }),
]);
export type RunSource = z.infer<typeof runSource>;

/** One trial that the plan asks for. */
export const plannedTrial = z.strictObject({
  trialId: folderName,
  configuration: name,
  block: ordinal,
  boot: ordinal,
});
export type PlannedTrial = z.infer<typeof plannedTrial>;

/** `run.json`: written once, before the first trial. */
export const runHeader = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  runId: name,
  source: runSource,
  /** ISO 8601, host's wall clock; of a lab note: when it was read. */
  startedAt: moment,
  /** The command line, word for word. */
  command: z.array(z.string()),
  experiment: recordedExperiment,
  /** The experiment as the user wrote it (YAML), with the overrides of the command line applied; null for a lab note. */
  experimentSource: z.string().nullable(),
  plan: z.array(plannedTrial),
  /** null: a lab note does not say, at least not in a form that a program reads. */
  host: hostFacts.nullable(),
});
export type RunHeader = z.infer<typeof runHeader>;

/** What the run cost beside the windows. */
export const overhead = z.strictObject({
  /** From start to end of the run, ns. */
  wallNs: count,
  /** Inside measured and traced windows, ns. */
  measuredNs: count,
  /** CPU time of tapbench's own process inside windows, ns. */
  toolCpuInWindowsNs: count,
  /** Of the session itself: trials have theirs. Older versions put those of all trials here, too. */
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
  endedAt: moment,
  /** null: a lab note. */
  overhead: overhead.nullable(),
});
export type RunEnd = z.infer<typeof runEnd>;

/** A whole run as readers see it, and what `--json` prints. */
export const run = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  runId: name,
  source: runSource,
  startedAt: moment,
  /** `unfinished`: no end was written; it was killed, or still runs. */
  status: z.enum(['done', 'interrupted', 'failed', 'unfinished']),
  /** Of its last session. */
  stoppedBy: z.enum(['budget']).nullable(),
  tags: z.array(z.string()),
  command: z.array(z.string()),
  experiment: recordedExperiment,
  experimentSource: z.string().nullable(),
  plan: z.array(plannedTrial),
  host: hostFacts.nullable(),
  trials: z.array(trial),
  overhead: overhead.nullable(),
  /** Absent where no workload has both a window for itself and one that it shares. */
  loadGrowth: z.array(loadGrowth).optional(),
  /** Absent where no configuration has a ceiling. */
  ceilingShares: z.array(ceilingShare).optional(),
});
export type Run = z.infer<typeof run>;
