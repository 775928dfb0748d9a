import type { WorkloadSpec } from '../record/experiment.ts';
import { iperf3 } from './iperf3.ts';
import { sockperf } from './sockperf.ts';
import type { ClientCommand, RawOutput, ServerCommand, ToolReading, Workload, WorkloadPlace } from './workload.ts';

/** A workload together with what of it was asked for. */
export interface BoundWorkload {
  readonly kind: WorkloadSpec['kind'];
  readonly programs: readonly string[];
  /** See `Workload.trafficNs`. */
  readonly trafficNs: number;
  /** See `Workload.silentNs`. */
  readonly silentNs: number;
  /** See `Workload.mostOutputBytes`. */
  readonly mostOutputBytes: number;
  server(place: WorkloadPlace): ServerCommand;
  client(place: WorkloadPlace): ClientCommand;
  /**
   * @throws TapbenchError `TOOL_FAILED` where the tool says that it failed
   * @throws ParseError where its output is empty, truncated or contradicts itself
   */
  parse(raw: RawOutput): Promise<ToolReading>;
}

function bound<S extends WorkloadSpec>(workload: Workload<S>, spec: S): BoundWorkload {
  return {
    kind: spec.kind,
    programs: workload.programs,
    trafficNs: workload.trafficNs(spec),
    silentNs: workload.silentNs(spec),
    mostOutputBytes: workload.mostOutputBytes(spec),
    server: (place) => workload.server(spec, place),
    client: (place) => workload.client(spec, place),
    parse: (raw) => workload.parse(raw, spec),
  };
}

/** The tool that does what `spec` asks for. A new workload is one new case. */
export function workloadFor(spec: WorkloadSpec): BoundWorkload {
  switch (spec.kind) {
    case 'iperf3':
      return bound(iperf3, spec);
    case 'sockperf':
      return bound(sockperf, spec);
  }
}

/** Every program that a workload needs, for the guest image and for what a machine is checked for. */
export const workloadPrograms: readonly string[] = [...iperf3.programs, ...sockperf.programs];
