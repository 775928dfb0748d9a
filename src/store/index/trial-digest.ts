import { join } from 'node:path';
import { deriveTrial } from '../../derive/derive.ts';
import { metrics, usableValue } from '../../derive/metrics.ts';
import { TapbenchError } from '../../record/error.ts';
import { type RunHeader, runHeader } from '../../record/run.ts';
import { gatheredTrial, type Trial } from '../../record/trial.ts';
import { layout } from '../layout.ts';
import { readRecordSync } from '../stored-record.ts';

/** A usable figure of a trial. */
export interface DigestFigure {
  readonly workload: string;
  readonly metric: string;
  readonly value: number;
}

/** What the index keeps of a trial. */
export interface TrialDigest {
  readonly trialId: string;
  readonly status: Trial['status'];
  readonly configuration: string;
  readonly block: number;
  readonly boot: number;
  readonly attempt: number;
  /** In the plan; its length where the plan does not know the trial. */
  readonly place: number;
  /** ms since 1970; null where the record has no date. */
  readonly startedAtMs: number | null;
  readonly figures: readonly DigestFigure[];
}

export interface DamagedTrial {
  readonly trialId: string;
  readonly status: 'damaged';
  readonly problem: string;
}

export type Digest = TrialDigest | DamagedTrial;

/** Trials of one run that are to be digested. */
export interface DigestRequest {
  readonly folder: string;
  readonly trialIds: readonly string[];
}

interface RunContext {
  readonly folder: string;
  readonly header: RunHeader;
  readonly places: ReadonlyMap<string, number>;
}

function contextOf(folder: string): RunContext {
  const file = join(folder, layout.header);
  const header = readRecordSync(file, runHeader);
  return { folder, header, places: new Map(header.plan.map(({ trialId }, index) => [trialId, index])) };
}

function figuresOf(trial: Trial): DigestFigure[] {
  return trial.measurements.flatMap((measurement) =>
    metrics.flatMap((metric) => {
      const value = usableValue(measurement, metric);
      return value === null ? [] : [{ workload: measurement.workload, metric: metric.name, value }];
    }),
  );
}

function digestTrial({ folder, header, places }: RunContext, trialId: string): TrialDigest {
  const file = join(folder, layout.trials, trialId, layout.trial);
  const trial = deriveTrial(readRecordSync(file, gatheredTrial), header);
  const startedAtMs = trial.startedAt === null ? Number.NaN : Date.parse(trial.startedAt);
  return {
    trialId,
    status: trial.status,
    configuration: trial.configuration.name,
    block: trial.block,
    boot: trial.boot,
    attempt: trial.attempt,
    place: places.get(trial.trialId) ?? header.plan.length,
    startedAtMs: Number.isNaN(startedAtMs) ? null : startedAtMs,
    figures: figuresOf(trial),
  };
}

/**
 * Reads, checks and judges trials, as strictly as `readRun` and `deriveRun` do, and keeps of each what the index wants. Remembers the header of the last run.
 * @returns a function that gives a digest a trial; it throws TapbenchError where `run.json` can't be used
 */
export function trialDigester(): (request: DigestRequest) => Digest[] {
  let context: RunContext | null = null;
  return ({ folder, trialIds }) => {
    const run = context?.folder === folder ? context : contextOf(folder);
    context = run;
    return trialIds.map((trialId) => {
      try {
        return digestTrial(run, trialId);
      } catch (cause) {
        if (!(cause instanceof TapbenchError)) throw cause;
        return { trialId, status: 'damaged', problem: cause.message };
      }
    });
  };
}
