import { judgeMeasurement } from '../audit/audits.ts';
import type { GatheredMeasurement, Measurement } from '../record/measurement.ts';
import type { Overhead, PlannedTrial, Run, RunEnd, RunHeader } from '../record/run.ts';
import type { GatheredTrial, Trial } from '../record/trial.ts';
import { costOf, machineCostsOf } from './cost.ts';
import { observerEffectOf } from './observer-effect.ts';

/** What a trial's findings rest on beside the trial: a run's header has it. */
export interface TrialOrigin extends Pick<RunHeader, 'source' | 'host'> {
  /** Absent: the trial stands alone. */
  readonly plan?: readonly PlannedTrial[];
}

/** A note may have a boot a figure: those of a plan are counted once. */
const knownBoots = new WeakMap<readonly PlannedTrial[], ReadonlyMap<string, number>>();

function bootsOf({ configuration }: GatheredTrial, plan: readonly PlannedTrial[]): number {
  const boots = knownBoots.get(plan) ?? bootsByConfiguration(plan);
  knownBoots.set(plan, boots);
  return Math.max(1, boots.get(configuration.name) ?? 0);
}

function bootsByConfiguration(plan: readonly PlannedTrial[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { configuration } of plan) counts.set(configuration, (counts.get(configuration) ?? 0) + 1);
  return counts;
}

function deriveMeasurement(measurement: GatheredMeasurement, trial: GatheredTrial, origin: TrialOrigin): Measurement {
  const observerEffect = observerEffectOf(measurement);
  const { source, host, plan = [] } = origin;
  const findings = judgeMeasurement({ measurement, trial, source, host, boots: bootsOf(trial, plan), observerEffect });
  const machineCosts = machineCostsOf(measurement);
  return {
    ...measurement,
    cost: costOf(measurement),
    ...(machineCosts === null ? {} : { machineCosts }),
    observerEffect,
    findings,
  };
}

/**
 * A trial as readers see it: costs, observer effect and findings added to each measurement. Pure: nothing is measured and the input is left as it is, so old
 * trials can be read again with new audits. A failed trial stays `failed`; any `void` finding makes the others `void`.
 */
export function deriveTrial(gathered: GatheredTrial, origin: TrialOrigin): Trial {
  const measurements = gathered.measurements.map((one) => deriveMeasurement(one, gathered, origin));
  const isVoid = measurements.some((one) => one.findings.some((finding) => finding.level === 'void'));
  const status = gathered.status === 'ok' && isVoid ? 'void' : gathered.status;
  return { ...gathered, status, measurements };
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
function inOrderOfPlan(trials: readonly GatheredTrial[], header: RunHeader): GatheredTrial[] {
  const places = new Map(header.plan.map((planned, index) => [planned.trialId, index]));
  const placeOf = ({ repeats, trialId }: GatheredTrial) => places.get(repeats ?? trialId) ?? places.size;
  const turnOf = ({ repeats }: GatheredTrial) => (repeats === null ? 0 : 1);
  return trials.toSorted((a, b) => placeOf(a) - placeOf(b) || turnOf(a) - turnOf(b) || a.attempt - b.attempt);
}

/** The ends of a run's sessions by wall clock. */
function inOrderOfTime(ends: readonly RunEnd[]): RunEnd[] {
  return ends.toSorted((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
}

/** What is stored of a run. */
export interface RunParts {
  readonly header: RunHeader;
  readonly trials: readonly GatheredTrial[];
  readonly ends: readonly RunEnd[];
  readonly tags?: readonly string[];
}

/** A whole run from its stored parts. Its status is that of its last session; without one it is `unfinished`. */
export function deriveRun({ header, trials, ends, tags = [] }: RunParts): Run {
  const sessions = inOrderOfTime(ends);
  return {
    ...header,
    status: sessions.at(-1)?.status ?? 'unfinished',
    stoppedBy: sessions.at(-1)?.stoppedBy ?? null,
    tags: [...tags],
    trials: inOrderOfPlan(trials, header).map((trial) => deriveTrial(trial, header)),
    overhead: totalOverhead(sessions),
  };
}
