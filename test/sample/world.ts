import { gatheredOf } from '../../src/record/gathered-of.ts';
import type { GatheredMeasurement } from '../../src/record/measurement.ts';
import type { GatheredTrial } from '../../src/record/trial.ts';
import type { SampleMeasurement } from './measurement.ts';
import { sampleTrial } from './trial.ts';

/** What several pairs measured in one window: each is one guest that is a client of the host. */
export function sampleSeveral(
  pairs: readonly SampleMeasurement[],
  changes: Partial<GatheredMeasurement> = {},
): GatheredMeasurement {
  const [first, ...others] = gatheredOf(sampleTrial({ measurements: [...pairs] })).measurements;
  if (first === undefined) throw new Error('a window has a pair');
  const all = [first, ...others];
  return {
    ...first,
    flows: all.flatMap(({ flows }, index) =>
      flows.map((flow) => ({ ...flow, name: `flow${String(index + 1)}`, client: `vm${String(index + 1)}` })),
    ),
    machines: all.flatMap(({ machines }, index) =>
      machines.map((machine) => ({ ...machine, name: `vm${String(index + 1)}` })),
    ),
    traced: first.traced && {
      window: first.traced.window,
      flows: all.flatMap(({ traced }, index) =>
        (traced?.flows ?? []).map((flow) => ({ ...flow, name: `flow${String(index + 1)}` })),
      ),
      machines: all.flatMap(({ traced }, index) =>
        (traced?.machines ?? []).map((machine) => ({ ...machine, name: `vm${String(index + 1)}` })),
      ),
    },
    startSkewNs: 1_000_000,
    ...changes,
  };
}

/** A trial of as many machines as its measurements name. */
export function sampleWorldTrial(...measurements: readonly GatheredMeasurement[]): GatheredTrial {
  const trial = gatheredOf(sampleTrial({ measurements: [] }));
  const names = new Set(measurements.flatMap(({ machines }) => machines.map(({ name }) => name)));
  const [facts] = trial.machines;
  return {
    ...trial,
    machines: facts === undefined ? [] : [...names].map((name) => ({ ...facts, name })),
    measurements: [...measurements],
  };
}
