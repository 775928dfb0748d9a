import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { RateSearch } from '../record/rate-search.ts';
import { carriedWays, type Throughput } from '../record/throughput.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, rate, seconds } from './quantity.ts';

const audit = 'loss-limit';

function lostOf(throughput: Throughput): number[] {
  return carriedWays(throughput).flatMap(({ sentDatagrams: sent, lostDatagrams: lost }) =>
    sent === null || sent === 0 || lost === null ? [] : [lost / sent],
  );
}

/** Of the flow and way that lost most; null where none was counted. */
function mostLost({ throughput, flows = [] }: WholeMeasurement): number | null {
  const all = flows.length > 0 ? flows.map((flow) => flow.throughput) : [throughput];
  const shares = all.flatMap((one) => (one === null ? [] : lostOf(one)));
  return shares.length === 0 ? null : Math.max(...shares);
}

function outcomeFinding({ outcome, steps, mostLostShare, targetBitsPerSecond }: RateSearch): Finding[] {
  const limit = percent(mostLostShare);
  const concerns: Finding['concerns'] = ['throughput'];
  if (outcome === 'none-passed') {
    const lowest = targetBitsPerSecond === null ? 'any rate' : rate(targetBitsPerSecond);
    const message = `no step of the search held loss to ${limit}, down to ${lowest} (${amount(steps.length)} steps): there is no highest rate, and the window was run with the last that was tried`;
    return [{ level: 'doubt', audit, message, concerns }];
  }
  if (outcome !== 'highest-passed') return [];
  const which = targetBitsPerSecond === null ? 'all that the sender gave' : 'the highest rate that was asked for';
  const message = `the path held loss to ${limit} at ${which}: it may carry more`;
  return [{ level: 'note', audit, message, concerns }];
}

/** What a search for the highest rate with loss under a limit came to, and whether the window held to it, too. */
export const lossLimit: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { search } = measurement;
    if (search === undefined) return [];
    const { mostLostShare, stepDurationNs, outcome } = search;
    const findings = outcomeFinding(search);
    const lost = mostLost(measurement);
    if (outcome === 'none-passed' || lost === null || lost <= mostLostShare) return findings;
    const message = `the window lost ${percent(lost)} of its datagrams, above the limit of ${percent(mostLostShare)}: the rate passed in a step of ${seconds(stepDurationNs)}, and does not hold for longer`;
    return [...findings, { level: 'doubt', audit, message, concerns: ['throughput'] }];
  },
};
