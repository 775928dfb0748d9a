import type { Flow, MachineReading, WholeMeasurement } from '../../record/measurement.ts';
import { wholeMeasurement } from './whole-measurement.ts';

/** Some flows and machines of a measurement by themselves. */
export interface Part {
  readonly flows: readonly Flow[];
  readonly machines: readonly MachineReading[];
}

/** Those of several flows that a machine is an end of. */
export function flowsOfMachine(flows: readonly Flow[], name: string): Flow[] {
  return flows.filter(({ client, server }) => client === name || server === name);
}

/** The measurement as if it had these alone. */
export function partOf(whole: WholeMeasurement, { flows, machines }: Part): WholeMeasurement {
  const { workload, spec, window, startedAt, hostCpu, underLoad = [], traced, noted, notMeasured } = whole;
  const named = (names: readonly { readonly name: string }[]): Set<string> => new Set(names.map(({ name }) => name));
  const [flowNames, machineNames] = [named(flows), named(machines)];
  return wholeMeasurement({
    workload,
    spec,
    window,
    startedAt,
    flows: [...flows],
    machines: [...machines],
    hostCpu,
    startSkewNs: null,
    underLoad,
    traced: traced && {
      window: traced.window,
      flows: (traced.flows ?? []).filter(({ name }) => flowNames.has(name)),
      machines: (traced.machines ?? []).filter(({ name }) => machineNames.has(name)),
    },
    notMeasured: notMeasured.hostCpu === undefined ? {} : { hostCpu: notMeasured.hostCpu },
    noted,
  });
}
