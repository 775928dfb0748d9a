import { type MetricDefinition, metricNamed, usableValue } from '../../derive/metrics.ts';
import { isCeiling, withoutCeilings } from '../../record/ceiling.ts';
import type { Finding } from '../../record/finding.ts';
import type { Cost, Measurement } from '../../record/measurement.ts';
import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { loadsBeside } from '../../record/windows.ts';
import { estimateOf } from '../../stats/estimate.ts';

/** What a finding can void. */
export type Concern = Exclude<Finding['concerns'][number], 'all'>;

export interface MeasurementInTrial {
  readonly trial: Trial;
  readonly measurement: Measurement;
}

/** All measurements of one workload on one configuration, in the order of their boots. */
export interface WorkloadGroup {
  readonly configuration: string;
  /** What it is called: the workload by itself where one configuration was asked for, else with that before it. */
  readonly names: readonly string[];
  /** What it is for is to be held against: it stands in no table of figures. */
  readonly isCeiling: boolean;
  readonly spec: RecordedWorkload;
  /** What shares its window. */
  readonly underLoad: readonly RecordedWorkload[];
  readonly measurements: readonly MeasurementInTrial[];
}

/** Measurements by configuration and workload, in the order of the experiment. Groups that nothing was measured for are there too, empty. */
export function workloadGroups(run: Run): WorkloadGroup[] {
  const { configurations } = run.experiment;
  const isOne = withoutCeilings(configurations).length === 1;
  return configurations.flatMap((configuration) => {
    const { name, workloads } = configuration;
    return workloads.map((spec) => {
      const trials = run.trials.filter((trial) => trial.configuration.name === name).sort((a, b) => a.boot - b.boot);
      const measurements = trials.flatMap((trial) =>
        trial.measurements
          .filter((measurement) => measurement.workload === spec.name)
          .map((measurement) => ({ trial, measurement })),
      );
      const isAbove = isCeiling(configuration);
      return {
        configuration: name,
        names: isOne && !isAbove ? [spec.name] : [name, spec.name],
        isCeiling: isAbove,
        spec,
        underLoad: loadsBeside(configuration, spec.name),
        measurements,
      };
    });
  });
}

/** Those that were asked for by themselves. */
export function askedGroups(run: Run): WorkloadGroup[] {
  return workloadGroups(run).filter((group) => !group.isCeiling);
}

/** Whether a finding voids a figure of the measurement. */
export function isVoid(measurement: Measurement, concern: Concern): boolean {
  return measurement.findings.some(
    ({ level, concerns }) => level === 'void' && (concerns.includes(concern) || concerns.includes('all')),
  );
}

export type CostKey = Exclude<keyof Cost, 'reasons'>;

/** Whether a finding voids a cost, or what it is made of: system calls that the tracer missed. */
export function isCostVoid(measurement: Measurement, key: CostKey): boolean {
  const metric = metricNamed(`cost.${key}`);
  return metric === null ? isVoid(measurement, 'cost') : usableValue(measurement, metric) === null;
}

/** The value of one figure in one boot. */
export interface Sample {
  readonly boot: number;
  readonly value: number;
  readonly isVoid: boolean;
}

/** The values of one figure, a boot each. Boots in which it was not measured have none. */
export function samplesOf(
  group: WorkloadGroup,
  concern: Concern,
  read: (measurement: Measurement) => number | null,
): Sample[] {
  return group.measurements.flatMap(({ trial, measurement }) => {
    const value = read(measurement);
    return value === null ? [] : [{ boot: trial.boot, value, isVoid: isVoid(measurement, concern) }];
  });
}

/** The values of one cost, a boot each. */
export function costSamplesOf(group: WorkloadGroup, key: CostKey): Sample[] {
  return group.measurements.flatMap(({ trial, measurement }) => {
    const value = measurement.cost[key];
    return value === null ? [] : [{ boot: trial.boot, value, isVoid: isCostVoid(measurement, key) }];
  });
}

/** The values of a metric, a boot each. */
export function metricSamplesOf(all: readonly MeasurementInTrial[], metric: MetricDefinition): Sample[] {
  return all.flatMap(({ trial, measurement }) => {
    const value = metric.read(measurement);
    const isVoidValue = usableValue(measurement, metric) === null;
    return value === null ? [] : [{ boot: trial.boot, value, isVoid: isVoidValue }];
  });
}

/** What of a VMM's memory reports show. */
const memorySources = [
  { name: 'vmmMemory.residentBytes', label: 'RSS' },
  { name: 'vmmMemory.proportionalBytes', label: 'PSS' },
].flatMap(({ name, label }) => {
  const metric = metricNamed(name);
  return metric === null ? [] : [{ label, metric }];
});

/** So many machines are told apart in a report; of more only what all cost together, as each has a line a cost. */
const mostMachines = 8;

/** The machines whose costs a workload has apart, in the order of the trial; none where there are too many for a report. */
export function machinesOf(group: WorkloadGroup): string[] {
  const names = group.measurements.flatMap(({ measurement }) => measurement.machineCosts ?? []);
  const machines = [...new Set(names.map(({ machine }) => machine))];
  return machines.length > mostMachines ? [] : machines;
}

/** Memory of a VMM as reports show it. */
export interface MemoryLine {
  readonly metric: MetricDefinition;
  readonly label: string;
  /** Whose it is; null: the mean of all VMMs, which are alike. */
  readonly machine: string | null;
  readonly samples: readonly Sample[];
}

/** Where each end has a VMM of its own, the mean of both would be nobody's. */
function hasUnlikeVmms({ measurements }: WorkloadGroup): boolean {
  return measurements.some(({ trial }) => trial.configuration.vmm.server !== undefined);
}

export function memoryLines(group: WorkloadGroup): MemoryLine[] {
  const machines = hasUnlikeVmms(group) ? machinesOf(group) : [];
  return memorySources.flatMap(({ metric, label }): MemoryLine[] => {
    if (machines.length === 0)
      return [{ metric, label, machine: null, samples: metricSamplesOf(group.measurements, metric) }];
    return machines.map((machine) => {
      const own = group.measurements.flatMap(({ trial, measurement }) => {
        const vmmMemory = measurement.machines?.find(({ name }) => name === machine)?.vmmMemory ?? null;
        return vmmMemory === null ? [] : [{ trial, measurement: { ...measurement, vmmMemory } }];
      });
      return { metric, label, machine, samples: metricSamplesOf(own, metric) };
    });
  });
}

/** Costs of machines are of their system calls. */
function isOfVoid(measurement: Measurement): boolean {
  return isVoid(measurement, 'cost') || isVoid(measurement, 'systemCalls');
}

/** The values of one cost of one machine, a boot each. */
export function machineCostSamplesOf(group: WorkloadGroup, machine: string, key: CostKey): Sample[] {
  return group.measurements.flatMap(({ trial, measurement }) => {
    const value = measurement.machineCosts?.find((each) => each.machine === machine)?.cost[key] ?? null;
    return value === null ? [] : [{ boot: trial.boot, value, isVoid: isOfVoid(measurement) }];
  });
}

/** One figure over boots. Void boots have no part in it, unless all are void: then `isVoid`. */
export interface Figure {
  /** Mean over boots. */
  readonly value: number;
  /** 95 %, of the mean; null where so few boots, or boots without any spread, give none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly min: number;
  readonly max: number;
  /** Boots that it is made of. */
  readonly boots: number;
  readonly voidBoots: readonly Sample[];
  readonly isVoid: boolean;
}

/** Seeds the bootstrap: the same run gives the same report. */
const seed = 1;

/** One sample a boot, the first: a repetition stands in for a boot that can't be used, it adds no second value. */
function oneEachBoot(samples: readonly Sample[]): Sample[] {
  const isFirst = ({ boot }: Sample, index: number) => samples.findIndex((other) => other.boot === boot) === index;
  return samples.filter(isFirst);
}

/** The figure that some samples make; null where there are none. */
export function figureOf(samples: readonly Sample[]): Figure | null {
  if (samples.length === 0) return null;
  const usable = oneEachBoot(samples.filter((sample) => !sample.isVoid));
  const values = (usable.length > 0 ? usable : oneEachBoot(samples)).map((sample) => sample.value);
  const { value, interval } = estimateOf(values, { seed });
  return {
    value: value ?? Number.NaN,
    interval,
    min: Math.min(...values),
    max: Math.max(...values),
    boots: values.length,
    voidBoots: usable.length > 0 ? samples.filter((sample) => sample.isVoid) : [],
    isVoid: usable.length === 0,
  };
}
