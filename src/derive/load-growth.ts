import type { LoadGrowth } from '../record/load-growth.ts';
import type { RecordedConfiguration, RecordedWorkload } from '../record/recorded-experiment.ts';
import type { Trial } from '../record/trial.ts';
import { loadsBeside } from '../record/windows.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { bootFigures, matchedRatios } from './boot-figures.ts';
import { metricNamed } from './metrics.ts';

/** Seeds the bootstrap: the same run gives the same figures. */
const seed = 1;

/** Whether two ask for the same, but for their names and how long. */
function isAlike(one: RecordedWorkload, other: RecordedWorkload): boolean {
  const asked = (spec: RecordedWorkload): string => JSON.stringify({ ...spec, name: '', durationNs: 0 });
  return asked(one) === asked(other);
}

interface Pair {
  readonly configuration: string;
  readonly workload: string;
  readonly alone: string;
  readonly metric: LoadGrowth['metric'];
}

/** Loaded over alone, of each boot that has both in one trial. */
function ratiosOf(trials: readonly Trial[], { configuration, workload, alone, metric }: Pair): number[] {
  const definition = metricNamed(metric);
  if (definition === null) return [];
  const figures = (of: string) => bootFigures(trials, { configuration, workload: of, metric: definition });
  return matchedRatios(figures(workload), figures(alone), 'trialId').map(({ ratio }) => ratio);
}

/** Boots of one trial each: that two windows are of one boot takes out what differs between boots. */
function growthOf(trials: readonly Trial[], pair: Pair, underLoad: string[]): LoadGrowth {
  const { value, interval, boots, reason } = pairedRatio(ratiosOf(trials, pair), { seed });
  return { ...pair, underLoad, ratio: value, interval, boots, reason };
}

function ofWorkload(trials: readonly Trial[], configuration: RecordedConfiguration, spec: RecordedWorkload) {
  const { name, workloads } = configuration;
  const beside = loadsBeside(configuration, spec.name).map((one) => one.name);
  if (beside.length === 0) return [];
  const alone = workloads.find((one) => isAlike(one, spec) && loadsBeside(configuration, one.name).length === 0);
  const ofBoth = trials.flatMap(({ measurements }) => measurements).filter(({ latency }) => latency !== null);
  const isMeasured = (of: string | undefined): boolean => ofBoth.some(({ workload }) => workload === of);
  if (alone === undefined || !isMeasured(spec.name) || !isMeasured(alone.name)) return [];
  const pair = { configuration: name, workload: spec.name, alone: alone.name };
  return (['latency.p50', 'latency.p99'] as const).map((metric) => growthOf(trials, { ...pair, metric }, beside));
}

/** The growth of every workload with a latency that shares a window and also has one for itself, in the order of the experiment. */
export function loadGrowthsOf(
  configurations: readonly RecordedConfiguration[],
  trials: readonly Trial[],
): LoadGrowth[] {
  return configurations.flatMap((configuration) => {
    if (configuration.together === undefined) return [];
    const own = trials.filter((trial) => trial.configuration.name === configuration.name);
    return configuration.workloads.flatMap((spec) => ofWorkload(own, configuration, spec));
  });
}
