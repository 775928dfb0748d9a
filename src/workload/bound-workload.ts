import type {
  ClientCommand,
  RawOutput,
  ServerCommand,
  ToolReading,
  WorkloadPlace,
  WorkloadRun,
  WorkloadSearch,
} from './workload.ts';
import { type WorkloadSpec, workloads } from './workloads.ts';

/** A workload together with what of it was asked for. */
export interface BoundWorkload {
  readonly kind: string;
  /** Programs that both endpoints need on PATH. */
  readonly programs: readonly string[];
  /** See `WorkloadRun`. */
  readonly trafficNs: number;
  readonly aroundTrafficNs: number;
  readonly silentNs: number;
  readonly mostOutputBytes: number;
  /** null: the window is run as it was asked for. */
  readonly search: WorkloadSearch<WorkloadSpec> | null;
  server(place: WorkloadPlace): ServerCommand | null;
  client(place: WorkloadPlace): ClientCommand;
  /** Loads what reads the output. */
  load(): Promise<unknown>;
  /**
   * @throws TapbenchError `TOOL_FAILED` where the tool says that it failed
   * @throws ParseError where its output is empty, truncated or contradicts itself
   */
  parse(raw: RawOutput): Promise<ToolReading>;
}

/** Each takes the spec of its own kind: that the two belong together is why nobody else reads this map. */
const runs = new Map<string, WorkloadRun<WorkloadSpec>>(workloads.map((one) => [one.kind, one]));

/** The tool that does what `spec` asks for. */
export function workloadFor(spec: WorkloadSpec): BoundWorkload {
  const run = runs.get(spec.kind);
  if (run === undefined) throw new RangeError(`no workload ${spec.kind}`);
  return {
    kind: spec.kind,
    programs: run.programs.map(({ name }) => name),
    trafficNs: run.trafficNs(spec),
    aroundTrafficNs: run.aroundTrafficNs,
    silentNs: run.silentNs(spec),
    mostOutputBytes: run.mostOutputBytes(spec),
    search: run.search?.(spec) ?? null,
    server: (place) => run.server(spec, place),
    client: (place) => run.client(spec, place),
    load: async () => await run.reader(),
    parse: async (raw) => await (await run.reader()).read(raw, spec),
  };
}
