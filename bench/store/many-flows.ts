import type { GatheredMeasurement } from '../../src/record/measurement.ts';
import type { GatheredTrial } from '../../src/record/trial.ts';

function numbered<T extends { readonly name: string }>(list: readonly T[], prefix: string, count: number): T[] {
  return Array.from({ length: count }, (_, index) =>
    list.slice(0, 1).map((one) => ({ ...one, name: `${prefix}${index + 1}` })),
  ).flat();
}

function measurementOf(measurement: GatheredMeasurement, pairs: number): GatheredMeasurement {
  const { flows, machines, traced } = measurement;
  return {
    ...measurement,
    flows: numbered(flows, 'flow', pairs).map((flow, index) => ({ ...flow, client: `vm${index + 1}`, server: 'host' })),
    machines: numbered(machines, 'vm', pairs),
    traced: traced && {
      ...traced,
      flows: numbered(traced.flows, 'flow', pairs),
      machines: numbered(traced.machines, 'vm', pairs),
    },
  };
}

/** The same trial, had it had this many pairs of which each gave the same. */
export function withPairs(trial: GatheredTrial, pairs: number): GatheredTrial {
  if (pairs === 1) return trial;
  return {
    ...trial,
    machines: numbered(trial.machines, 'vm', pairs),
    measurements: trial.measurements.map((measurement) => measurementOf(measurement, pairs)),
  };
}
