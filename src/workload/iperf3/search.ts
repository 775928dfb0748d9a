import type { RateSearchStep } from '../../record/rate-search.ts';
import { carriedWays } from '../../record/throughput.ts';
import type { MeasuredThroughput } from '../measured-figures.ts';
import type { SearchStep, WorkloadSearch } from '../workload.ts';
import { mostSteps, nextRate, type RateLimits, stepDurationNs } from './next-rate.ts';
import type { Iperf3Spec } from './record.ts';

/** What one flow carried one way. */
interface Carried {
  readonly sentBytes: number;
  readonly bytes: number;
  readonly sent: number;
  readonly lost: number;
}

interface CarriedFor extends Carried {
  readonly durationNs: number;
}

/**
 * Datagrams lost after the last one that arrived are in no count of iperf3. What was under way at the end is missing likewise, at most a receive buffer a
 * stream: net.core.rmem_default of Linux is 212,992 bytes.
 */
const underWayBytes = 212_992;

function lostShareOf({ sentBytes, bytes, sent, lost }: Carried, streams: number): number {
  if (sent === 0) return 1;
  const unseen = sentBytes * (1 - lost / sent) - bytes - underWayBytes * streams;
  return Math.min(1, Math.max(0, lost / sent) + Math.max(0, unseen / sentBytes));
}

/** Each way by itself; nothing where the datagrams were not counted. */
function waysOf(throughput: MeasuredThroughput): CarriedFor[] {
  const { durationNs } = throughput;
  return carriedWays(throughput).flatMap(({ bytes, sentBytes, sentDatagrams: sent, lostDatagrams: lost }) =>
    bytes === null || sentBytes === null || sent === null || lost === null
      ? []
      : [{ bytes, sentBytes, sent, lost, durationNs }],
  );
}

function failedStep(targetBitsPerSecond: number | null, failure: string, files: readonly string[]): RateSearchStep {
  return {
    targetBitsPerSecond,
    sentBitsPerSecond: null,
    bitsPerSecond: null,
    datagramsPerSecond: null,
    lostShare: null,
    hasPassed: false,
    failure,
    files: [...files],
  };
}

function sumOf(all: readonly CarriedFor[], bits: (one: CarriedFor) => number): number {
  return all.reduce((sum, one) => sum + (bits(one) * 1e9) / one.durationNs, 0);
}

/** A step as the record has it. A rate has passed where every flow held to the limit, each way. */
function stepOf(spec: Iperf3Spec, { flows, files }: SearchStep, { mostLostShare }: RateLimits): RateSearchStep {
  const target = spec.targetBitsPerSecond;
  const failed = flows.find((flow) => 'failure' in flow);
  if (failed !== undefined) return failedStep(target, failed.failure, files);
  const throughputs = flows.flatMap((flow) => ('failure' in flow ? [] : (flow.throughput ?? [])));
  const all = throughputs.flatMap(waysOf);
  if (all.length === 0) return failedStep(target, 'no datagrams were counted', files);
  const lostShare = Math.max(...all.map((one) => lostShareOf(one, spec.streams)));
  return {
    targetBitsPerSecond: target,
    sentBitsPerSecond: Math.max(...all.map((one) => (one.sentBytes * 8e9) / one.durationNs)),
    bitsPerSecond: sumOf(all, ({ bytes }) => bytes * 8),
    datagramsPerSecond: sumOf(all, ({ sent, lost }) => Math.max(0, sent - lost)),
    lostShare,
    hasPassed: lostShare <= mostLostShare,
    failure: null,
    files: [...files],
  };
}

/** The search that a file asks for; null where it asks for none. */
export function search(spec: Iperf3Spec): WorkloadSearch<Iperf3Spec> | null {
  if (spec.search === undefined) return null;
  const { mostLostShare } = spec.search;
  const limits: RateLimits = { highest: spec.targetBitsPerSecond, mostLostShare };
  const stepAt = (targetBitsPerSecond: number | null): Iperf3Spec => ({
    ...spec,
    durationNs: stepDurationNs,
    targetBitsPerSecond,
  });
  return {
    mostSteps,
    step: stepAt(limits.highest),
    next: (done) => {
      const steps: RateSearchStep[] = [];
      for (const one of done) {
        const asked = nextRate(steps, limits);
        if ('ask' in asked) steps.push(stepOf(stepAt(asked.ask), one, limits));
      }
      const next = nextRate(steps, limits);
      if ('ask' in next) return { step: stepAt(next.ask) };
      const { targetBitsPerSecond } = next;
      return {
        found: { ...spec, targetBitsPerSecond },
        search: { mostLostShare, stepDurationNs, steps, ...next },
      };
    },
  };
}
