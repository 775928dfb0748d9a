import type { Finding } from '../record/finding.ts';
import { recordedDataFlow } from '../record/topology.ts';
import { transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';
import { bulkBounds, type LinkBounds, messageLinkBounds } from './link-bounds.ts';
import { amount, percent } from './quantity.ts';

const audit = 'link-payload';

/** Missing from the link: payload that went another way, or a counter that lies. Counters and tool are exact, so 1 % is generous. */
const voidMissing = 0.01;
/** On top of payload and headers: a little is somebody else's traffic, more says that the tool's bytes are not all of it (one stream of several). */
const voidExtra = 0.1;

function boundsOf({ measurement, trial }: AuditContext): LinkBounds[] {
  const { throughput, latency, link, spec } = measurement;
  const mtu = trial.configuration.nic?.mtu;
  if (mtu === undefined || mtu === null) return [];
  const transfer = transferOf(spec);
  if (link !== null && throughput !== null && transfer !== null) {
    const direction = recordedDataFlow(trial.configuration.topology, transfer.direction);
    const bounds = direction === null ? null : bulkBounds(throughput, link[direction], { direction, mtu });
    return bounds === null ? [] : [bounds];
  }
  return latency === null ? [] : messageLinkBounds(latency, measurement, mtu);
}

function judgeBounds({ direction, least, most }: LinkBounds, bytes: number): Finding[] {
  const where = direction === 'fromGuest' ? 'out of the guest' : 'into the guest';
  if (bytes < least) {
    const missing = (least - bytes) / least;
    const message = `the tap carried ${amount(bytes)} bytes ${where}, ${percent(missing)} less than what arrived: it is not the measured path, or not all of it`;
    return [{ level: missing > voidMissing ? 'void' : 'doubt', audit, message, concerns: ['all'] }];
  }
  if (bytes <= most) return [];
  const extra = (bytes - most) / most;
  const message = `the tap carried ${amount(bytes)} bytes ${where}, ${percent(extra)} more than payload and headers (${amount(most)}): other traffic, or the tool did not count all of it`;
  return [{ level: extra > voidExtra ? 'void' : 'doubt', audit, message, concerns: ['all'] }];
}

/** The tap's counters, which no tool writes, agree with payload plus headers. */
export const linkPayload: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge(context: AuditContext): Finding[] {
    const { link, underLoad = [] } = context.measurement;
    if (link === null) return [];
    // What others of its window sent is on the link, too: there is no most.
    const all = boundsOf(context).map((bounds) => (underLoad.length === 0 ? bounds : { ...bounds, most: Infinity }));
    return all.flatMap((bounds) => judgeBounds(bounds, link[bounds.direction].bytes));
  },
};
