import type { Flow, FlowsTogether, WholeMeasurement } from '../record/measurement.ts';
import { eachOf } from './whole/sum.ts';

/** Throughput, or round trips a second. */
function rateOf({ throughput, latency }: Flow): number | null {
  if (throughput !== null) return throughput.bitsPerSecond;
  const { messages = null, durationNs = null } = latency ?? {};
  return messages === null || durationNs === null || durationNs === 0 ? null : messages / (durationNs / 1e9);
}

/** The larger, the worse. */
function badnessOf({ throughput, latency }: Flow): number | null {
  return throughput === null ? (latency?.halfRoundTripNs.p99 ?? null) : -throughput.bitsPerSecond;
}

/** Jain's index, (sum x)^2 / (n sum x^2): 1 where all are the same. null where nobody got anything. */
export function fairnessOf(rates: readonly number[]): number | null {
  const sum = rates.reduce((total, rate) => total + rate, 0);
  const squares = rates.reduce((total, rate) => total + rate ** 2, 0);
  const index = sum ** 2 / (rates.length * squares);
  return Number.isFinite(index) ? index : null;
}

function worstOf(flows: readonly Flow[]): string | null {
  let worst: { name: string; badness: number } | null = null;
  for (const flow of flows) {
    const badness = badnessOf(flow);
    if (badness === null) return null;
    if (worst === null || badness > worst.badness) worst = { name: flow.name, badness };
  }
  return worst?.name ?? null;
}

/** How the flows stand to each other; null where there is one. */
export function togetherOf({ flows = [] }: WholeMeasurement): FlowsTogether | null {
  if (flows.length < 2) return null;
  const rates = eachOf(flows, rateOf);
  return { fairness: rates === null ? null : fairnessOf(rates), worst: worstOf(flows) };
}
