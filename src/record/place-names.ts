import { z } from 'zod';

/** Flows that one workload runs over: one a pair. */
export const mostFlows = 64;
/** Two a pair. */
export const mostMachines = 128;
/** Workloads that share a window with another one. */
export const mostLoads = 7;

/** Name of a flow (`flow1`), a machine (`vm1`) or a namespace (`host`), unique in its trial. Lab notes have names of their own. */
export const placeName = z.string().min(1, { abort: true }).max(64, { abort: true });

/** Namespaces of the host that a world has. Where a trial has no machine of a name, it must be one of these. */
const namespaceName = /^(host|client|server)\d{0,3}$/;

interface Named {
  readonly name: string;
}

/** What is checked of a measurement. */
interface Measured {
  readonly workload: string;
  readonly flows: readonly (Named & { readonly client: string | null; readonly server: string | null })[];
  readonly machines: readonly Named[];
  readonly underLoad: readonly string[];
  /** Of a lab note, in which the load itself may be missing. */
  readonly noted: unknown;
  readonly traced: { readonly flows: readonly Named[]; readonly machines: readonly Named[] } | null;
}

/** What is checked of a trial. */
interface Tried {
  readonly configuration: { readonly workloads: readonly Named[] };
  readonly machines: readonly Named[];
  readonly measurements: readonly Measured[];
}

type Path = readonly (string | number)[];

/** Collects what is wrong with names. */
class Names {
  readonly #payload: z.core.ParsePayload;

  constructor(payload: z.core.ParsePayload) {
    this.#payload = payload;
  }

  #refuse(path: Path, message: string): void {
    this.#payload.issues.push({ code: 'custom', input: this.#payload.value, path: [...path], message });
  }

  demandOnce(path: Path, names: readonly string[]): Set<string> {
    const seen = new Set<string>();
    for (const [index, name] of names.entries()) {
      if (seen.has(name)) this.#refuse([...path, index], `${JSON.stringify(name)} is there twice`);
      seen.add(name);
    }
    return seen;
  }

  demandKnown(path: Path, names: readonly string[], known: ReadonlySet<string>): void {
    for (const [index, name] of names.entries()) {
      if (!known.has(name)) this.#refuse([...path, index], `nothing is called ${JSON.stringify(name)}`);
    }
  }

  /** The two ends of a flow. */
  demandEnds(path: Path, { client, server }: Measured['flows'][number], machines: ReadonlySet<string>): void {
    for (const [end, name] of [['client', client] as const, ['server', server] as const]) {
      if (name === null || machines.has(name) || namespaceName.test(name)) continue;
      this.#refuse([...path, end], `no machine and no namespace is called ${JSON.stringify(name)}`);
    }
  }
}

const namesOf = (list: readonly Named[]): string[] => list.map(({ name }) => name);

/** That names of a measurement's flows, machines and loads are there once, and that what refers to one has one. */
export function namesOfMeasurement(payload: z.core.ParsePayload<Measured>): void {
  const { flows, machines, underLoad, traced } = payload.value;
  const names = new Names(payload);
  const known = {
    flows: names.demandOnce(['flows'], namesOf(flows)),
    machines: names.demandOnce(['machines'], namesOf(machines)),
  };
  names.demandOnce(['underLoad'], underLoad);
  if (traced === null) return;
  for (const part of ['flows', 'machines'] as const) {
    names.demandOnce(['traced', part], namesOf(traced[part]));
    names.demandKnown(['traced', part], namesOf(traced[part]), known[part]);
  }
}

/** The same of a trial's machines, and of what its measurements say of them. */
export function namesOfTrial(payload: z.core.ParsePayload<Tried>): void {
  const { configuration, machines, measurements } = payload.value;
  const names = new Names(payload);
  const known = names.demandOnce(['machines'], namesOf(machines));
  const workloads = new Set(namesOf(configuration.workloads));
  for (const [index, measurement] of measurements.entries()) {
    const at = ['measurements', index];
    names.demandKnown([...at, 'machines'], namesOf(measurement.machines), known);
    for (const [place, flow] of measurement.flows.entries()) names.demandEnds([...at, 'flows', place], flow, known);
    workloads.delete(measurement.workload);
    if (measurement.noted === null) names.demandKnown([...at, 'underLoad'], measurement.underLoad, workloads);
    workloads.add(measurement.workload);
  }
}
