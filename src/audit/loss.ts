import type { Finding } from '../record/finding.ts';
import type { Measurement, WholeMeasurement } from '../record/measurement.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, countWas, percent, shareOf } from './quantity.ts';

const audit = 'loss';

/**
 * Loss from which a loss-based TCP is held back on such a path: Mathis et al. 1997, rate = 1.22 x MSS / (RTT x sqrt(p)), gives
 * 7 Gbit/s a stream for 1448 B, 200 us and p = 1e-4.
 */
const noteRetransmitsAbove = 1e-4;
const doubtRetransmitsAbove = 1e-2;
/** A virtual link has no bit errors: what it drops, a full queue dropped. */
const doubtDropsAbove = 1e-3;
/** A lost message has no latency: above this, p99.9 is made of the messages that were spared. */
const doubtMessagesAbove = 1e-3;
const doubtDatagramsAbove = 1e-2;

type Concerns = Finding['concerns'];

function row(level: Finding['level'], message: string, concerns: Concerns): Finding {
  return { level, audit, message, concerns };
}

/** Frames that the tap dropped or failed on, by direction. */
function tapLoss(link: Measurement['link'], concerns: Concerns): Finding[] {
  if (link === null) return [];
  return [link.fromGuest, link.toGuest].flatMap(({ packets, drops, errors }, index) => {
    const lost = drops + errors;
    if (lost === 0) return [];
    const share = shareOf(lost, packets + lost);
    const message = `the tap lost ${amount(lost)} frames ${index === 0 ? 'out of' : 'into'} the guest (${percent(share)})`;
    return [row(share > doubtDropsAbove ? 'doubt' : 'note', message, concerns)];
  });
}

function retransmits({ throughput }: WholeMeasurement, mtu: number | null): Finding[] {
  if (throughput === null || throughput.retransmits === null) return [];
  if (throughput.bytes === null || mtu === null) return [];
  const segments = throughput.bytes / Math.max(1, mtu - 52);
  const share = shareOf(throughput.retransmits, segments + throughput.retransmits);
  if (share <= noteRetransmitsAbove) return [];
  const message = `${countWas(throughput.retransmits, 'segment')} retransmitted (${percent(share)}): packet loss may limit the rate`;
  return [row(share > doubtRetransmitsAbove ? 'doubt' : 'note', message, ['throughput'])];
}

function datagramLoss({ throughput }: WholeMeasurement): Finding[] {
  const lost = throughput?.datagrams?.lost ?? 0;
  if (lost === 0) return [];
  const sent = throughput?.datagrams?.sent ?? null;
  if (sent === null)
    return [row('note', `${countWas(lost, 'datagram')} lost: the rate counts what arrived`, ['throughput'])];
  const share = shareOf(lost, sent);
  const message = `${countWas(lost, 'datagram')} lost (${percent(share)}): the rate counts what arrived`;
  return [row(share > doubtDatagramsAbove ? 'doubt' : 'note', message, ['throughput'])];
}

function messageLoss({ latency }: WholeMeasurement): Finding[] {
  if (latency === null) return [];
  const kinds = [
    [latency.droppedMessages, 'dropped'],
    [latency.duplicatedMessages, 'duplicated'],
    [latency.outOfOrderMessages, 'out of order'],
  ] as const;
  return kinds.flatMap(([count, kind]) => {
    if (count === null || count === 0) return [];
    const share = shareOf(count, Math.max(latency.sentMessages ?? latency.messages ?? 0, count));
    const message = `${countWas(count, 'message')} ${kind} (${percent(share)})`;
    return [row(share > doubtMessagesAbove ? 'doubt' : 'note', message, ['latency'])];
  });
}

/** What was lost, doubled or sent again on the way. */
export const loss: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const concerns: Concerns = measurement.latency === null ? ['throughput'] : ['latency'];
    return [
      ...tapLoss(measurement.link, concerns),
      ...retransmits(measurement, trial.configuration.nic?.mtu ?? null),
      ...datagramLoss(measurement),
      ...messageLoss(measurement),
    ];
  },
};
