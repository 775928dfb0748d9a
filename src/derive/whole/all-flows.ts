import type { Flow, TracedFlow, WholeMeasurement, WindowWork } from '../../record/measurement.ts';
import { latencyOf } from './all-latency.ts';
import { throughputOf } from './all-throughput.ts';
import { sumOf } from './sum.ts';

type OfFlows = Pick<WholeMeasurement, 'throughput' | 'latency' | 'work' | 'notMeasured'>;

/** The work of all flows; null where one of them does not say. */
export function workOf(flows: readonly { readonly work: WindowWork }[]): WindowWork {
  return {
    roundTrips: sumOf(flows, ({ work }) => work.roundTrips),
    payloadBytes: sumOf(flows, ({ work }) => work.payloadBytes),
  };
}

/** What the flows gave together. */
export function allFlows(flows: readonly Flow[]): OfFlows {
  const [only] = flows;
  if (only !== undefined && flows.length === 1) {
    const { throughput, latency, work, notMeasured } = only;
    return { throughput, latency, work, notMeasured };
  }
  const throughput = throughputOf(flows);
  const latency = latencyOf(flows);
  return {
    throughput: throughput.whole,
    latency: latency.whole,
    work: workOf(flows),
    notMeasured: {
      ...(throughput.whole === null ? { throughput: throughput.why ?? noReason } : {}),
      ...(latency.whole === null ? { latency: latency.why ?? noReason } : {}),
    },
  };
}

const noReason = 'no reason was recorded';

/** Those of the only flow; each of several has its own. */
export function commandsOf(flows: readonly Flow[]): Flow['commands'] {
  const [only] = flows;
  return only !== undefined && flows.length === 1 ? only.commands : { server: null, client: null };
}

export function filesOf(flows: readonly TracedFlow[]): string[] {
  return flows.flatMap(({ files }) => files);
}
