import { judgeMeasurement } from '../audit/audits.ts';
import type { Measurement, WholeMeasurement } from '../record/measurement.ts';
import type { Overhead, PlannedTrial, Run, RunEnd, RunHeader } from '../record/run.ts';
import type { GatheredTrial, Trial, WholeTrial } from '../record/trial.ts';
import { auditViews } from './audit-views.ts';
import { ceilingSharesOf } from './ceiling-shares.ts';
import { costOf, machineCostsOf } from './cost.ts';
import { loadGrowthsOf } from './load-growth.ts';
import { observerEffectOf } from './observer-effect.ts';
import { togetherOf } from './together.ts';
import { wholeOf } from './whole/whole-trial.ts';

/** What a trial's findings rest on beside the trial: a run's header has it. */
export interface TrialOrigin extends Pick<RunHeader, 'source' | 'host'> {
  /** Absent: the trial stands alone. */
  readonly plan?: readonly PlannedTrial[];
}

/** A note may have a boot a figure: those of a plan are counted once. */
const knownBoots = new WeakMap<readonly PlannedTrial[], ReadonlyMap<string, number>>();

function bootsOf({ configuration }: WholeTrial, plan: readonly PlannedTrial[]): number {
  const boots = knownBoots.get(plan) ?? bootsByConfiguration(plan);
  knownBoots.set(plan, boots);
  return Math.max(1, boots.get(configuration.name) ?? 0);
}

function bootsByConfiguration(plan: readonly PlannedTrial[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { configuration } of plan) counts.set(configuration, (counts.get(configuration) ?? 0) + 1);
  return counts;
}

function deriveMeasurement(measurement: WholeMeasurement, trial: WholeTrial, origin: TrialOrigin): Measurement {
  const observerEffect = observerEffectOf(measurement);
  const { source, host, plan = [] } = origin;
  const context = { measurement, trial, source, host, boots: bootsOf(trial, plan), observerEffect };
  const machineCosts = machineCostsOf(measurement);
  const together = togetherOf(measurement);
  return {
    ...measurement,
    cost: costOf(measurement),
    ...(machineCosts === null ? {} : { machineCosts }),
    ...(together === null ? {} : { together }),
    observerEffect,
    findings: judgeMeasurement(auditViews(context)),
  };
}

/** A whole trial with costs, observer effect and findings added to each measurement. A failed trial stays `failed`; any `void` finding makes the others `void`. */
export function judgedTrial(whole: WholeTrial, origin: TrialOrigin): Trial {
  const measurements = whole.measurements.map((one) => deriveMeasurement(one, whole, origin));
  const isVoid = measurements.some((one) => one.findings.some((finding) => finding.level === 'void'));
  const status = whole.status === 'ok' && isVoid ? 'void' : whole.status;
  return { ...whole, status, measurements };
}

/**
 * A trial as readers see it: taken as a whole, and judged. Pure: nothing is measured and the input is left as it is, so old trials can be read again with
 * new audits.
 */
export function deriveTrial(gathered: GatheredTrial, origin: TrialOrigin): Trial {
  return judgedTrial(wholeOf(gathered), origin);
}

/** All sessions of a run together; null where none said what it took. */
function totalOverhead(ends: readonly RunEnd[]): Overhead | null {
  const parts = ends.flatMap((end) => end.overhead ?? []);
  if (parts.length === 0) return null;
  const total = (pick: (part: Overhead) => number) => parts.reduce((sum, part) => sum + pick(part), 0);
  return {
    wallNs: total((part) => part.wallNs),
    measuredNs: total((part) => part.measuredNs),
    toolCpuInWindowsNs: total((part) => part.toolCpuInWindowsNs),
    phases: parts.flatMap((part) => part.phases),
  };
}

/** The order of the plan, each repetition after what it repeats; what the plan doesn't know comes last. */
function inOrderOfPlan(trials: readonly WholeTrial[], header: RunHeader): WholeTrial[] {
  const places = new Map(header.plan.map((planned, index) => [planned.trialId, index]));
  const placeOf = ({ repeats, trialId }: WholeTrial) => places.get(repeats ?? trialId) ?? places.size;
  const turnOf = ({ repeats }: WholeTrial) => (repeats === null ? 0 : 1);
  return trials.toSorted((a, b) => placeOf(a) - placeOf(b) || turnOf(a) - turnOf(b) || a.attempt - b.attempt);
}

/** The ends of a run's sessions by wall clock. */
function inOrderOfTime(ends: readonly RunEnd[]): RunEnd[] {
  return ends.toSorted((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
}

/** What there is of a run, its trials as they are stored or as a whole. */
export interface RunParts<T = GatheredTrial> {
  readonly header: RunHeader;
  readonly trials: readonly T[];
  readonly ends: readonly RunEnd[];
  readonly tags?: readonly string[];
}

/** What is derived of a run's trials together, each list only where there is something in it. */
export function runLists(
  { configurations }: RunHeader['experiment'],
  trials: readonly Trial[],
): Pick<Run, 'loadGrowth' | 'ceilingShares'> {
  const growth = loadGrowthsOf(configurations, trials);
  const shares = ceilingSharesOf(configurations, trials);
  return {
    ...(growth.length === 0 ? {} : { loadGrowth: growth }),
    ...(shares.length === 0 ? {} : { ceilingShares: shares }),
  };
}

/** A run of whole trials. Its status is that of its last session; without one it is `unfinished`. */
export function judgedRun({ header, trials, ends, tags = [] }: RunParts<WholeTrial>): Run {
  const sessions = inOrderOfTime(ends);
  const judged = inOrderOfPlan(trials, header).map((trial) => judgedTrial(trial, header));
  return {
    ...header,
    status: sessions.at(-1)?.status ?? 'unfinished',
    stoppedBy: sessions.at(-1)?.stoppedBy ?? null,
    tags: [...tags],
    trials: judged,
    overhead: totalOverhead(sessions),
    ...runLists(header.experiment, judged),
  };
}

/** A run from its stored parts. */
export function deriveRun(parts: RunParts): Run {
  return judgedRun({ ...parts, trials: parts.trials.map(wholeOf) });
}
