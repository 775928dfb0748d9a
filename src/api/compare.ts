import { compareSides } from '../compare/compare-sides.ts';
import { compareWithin, usualChoice } from '../compare/compare-within.ts';
import { checkGateWorkloads, readGate } from '../compare/gate.ts';
import { knownMetric } from '../compare/known-metric.ts';
import { type NamedSide, pairsOf } from '../compare/pair-sides.ts';
import { readThresholds } from '../compare/threshold.ts';
import type { Comparison } from '../record/comparison.ts';
import { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import type { DamagedRecord } from '../store/read-run.ts';
import { readSide } from './read-side.ts';
import type { StoreOptions } from './store-options.ts';

/** How sides are compared; texts as on the command line. */
export interface CompareOptions {
  /** `5%` for all metrics, `latency.p99=10%` for one. */
  readonly thresholds?: readonly string[] | undefined;
  /** Such as `latency.p99<=+5%`. */
  readonly gates?: readonly string[] | undefined;
  /** These metrics in place of the main ones. */
  readonly metrics?: readonly string[] | undefined;
  readonly isAllMetrics?: boolean | undefined;
  /** Refuse where a difference makes the comparison unfair. */
  readonly isStrict?: boolean | undefined;
  /** Seeds bootstrap and permutations; 1 unless told. */
  readonly seed?: number | undefined;
}

export interface ComparedRuns {
  readonly comparison: Comparison;
  /** Records that could not be read: their trials are not compared. */
  readonly damaged: readonly DamagedRecord[];
}

function choiceOf(options: CompareOptions) {
  const named = (options.metrics ?? []).map((name) => knownMetric(name, `--metric ${name}`));
  const unnamed = options.isAllMetrics === true ? 'all' : usualChoice.metrics;
  return {
    metrics: named.length > 0 ? named : unnamed,
    thresholds: readThresholds(options.thresholds ?? []),
    gates: (options.gates ?? []).map(readGate),
    isStrict: options.isStrict ?? usualChoice.isStrict,
    seed: options.seed ?? usualChoice.seed,
  };
}

/**
 * Whether the texts of the options can be used, before anything is measured.
 * @param workloads names of those that will be measured, where that is known: gates must not name others
 * @throws TapbenchError `USAGE`
 */
export function checkCompareOptions(options: CompareOptions, workloads?: readonly string[]): void {
  const { gates } = choiceOf(options);
  if (workloads !== undefined) checkGateWorkloads(gates, workloads);
}

/**
 * Compares runs that are already read; the first is the baseline.
 * @throws TapbenchError `USAGE`, `NOT_COMPARABLE`
 */
export function compareRead(sides: readonly NamedSide[], options: CompareOptions = {}): Comparison {
  return compareSides(pairsOf(sides), choiceOf(options));
}

/** The configurations of a run, each against the first; null where there is one only, or nothing in common. */
export function comparisonWithin(run: Run): Comparison | null {
  try {
    return compareWithin(run);
  } catch (cause) {
    if (cause instanceof TapbenchError && cause.code === 'NOT_COMPARABLE') return null;
    throw cause;
  }
}

/** That nothing can be compared, with the records that could not be read: they may be why. */
function withDamaged(cause: unknown, damaged: readonly DamagedRecord[]): unknown {
  const [first] = damaged;
  if (first === undefined || !(cause instanceof TapbenchError) || cause.code !== 'NOT_COMPARABLE') return cause;
  const count = `${String(damaged.length)} ${damaged.length === 1 ? 'record' : 'records'} could not be read`;
  const hint = `${cause.hint === null ? '' : `${cause.hint} `}${count}, the first: ${first.error.message}`;
  return new TapbenchError(cause.code, cause.message, { hint, cause });
}

/**
 * Compares runs of the store or of files; the first is the baseline. Each text is RUN, RUN:CONFIGURATION or FILE.
 * @throws TapbenchError `USAGE`, `RUN_NOT_FOUND`, `RECORD_INVALID`, `NOT_COMPARABLE`, `STORE_FAILED`
 */
export async function compare(
  texts: readonly string[],
  options: CompareOptions & StoreOptions = {},
): Promise<ComparedRuns> {
  checkCompareOptions(options);
  const sides: Awaited<ReturnType<typeof readSide>>[] = [];
  for (const text of texts) sides.push(await readSide(text, { store: options.store, onNotice: options.onNotice }));
  const damaged = sides.flatMap((side) => side.damaged);
  try {
    const named = sides.map(({ side }) => side);
    return { comparison: compareRead(named, options), damaged };
  } catch (cause) {
    throw withDamaged(cause, damaged);
  }
}
