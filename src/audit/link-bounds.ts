import type { Latency } from '../record/latency.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { LinkDirection } from '../record/probe-readings.ts';
import type { RecordedWorkload } from '../record/recorded-experiment.ts';
import type { Throughput } from '../record/throughput.ts';
import { requestsOf } from '../workload/questions.ts';
import { sum } from './quantity.ts';

/** Ethernet 14 (no checksum in the counters), the largest IPv4 header in use 20, the largest TCP header 60. */
const largestHeaderBytes = 94;
const ethernetAndIpBytes = 34;
/** UDP's (RFC 768) and that of an ICMP echo (RFC 792). */
const datagramHeaderBytes = 8;
/** ARP, the control connection of iperf3 with its JSON, and what the edges of the window cut. */
const slackBytes = 65_536;
/** Bytes that the sender wrote after its last count, and warm-up at another pace. */
const slackShare = 0.01;
const warmUpSlackShare = 0.1;

/** What one direction of the link must have carried, bytes. */
export interface LinkBounds {
  readonly direction: 'fromGuest' | 'toGuest';
  readonly least: number;
  readonly most: number;
}

/**
 * Payload plus headers of a bulk transfer. A frame of segmentation offload counts once, with one header, so the headers are those of the
 * frames counted. At least what the receiver got; at most what the sender wrote, what was left out of the figures and
 * what was sent again. null where it isn't known how much arrived.
 */
export function bulkBounds(throughput: Throughput, data: LinkDirection, place: Place): LinkBounds | null {
  const { bytes } = throughput;
  if (bytes === null) return null;
  const omitted = sum(throughput.intervals.filter((one) => one.isOmitted).map((one) => one.bytes ?? 0));
  const payload = Math.max(bytes, throughput.sentBytes ?? 0) + omitted;
  const again = (throughput.retransmits ?? 0) * (place.mtu + 14);
  const most = payload * (1 + slackShare) + again + data.packets * largestHeaderBytes + slackBytes;
  return { direction: place.direction, least: bytes, most };
}

export interface Place {
  readonly direction: LinkBounds['direction'];
  readonly mtu: number;
}

/** Bytes of one message on the link, [least, most]: a datagram in its fragments; TCP may join messages, or send each with an acknowledgement of its own. null where the workload isn't known. */
function messageBounds(spec: RecordedWorkload, mtu: number): [number, number] | null {
  const { messageBytes, protocol } = requestsOf(spec) ?? { messageBytes: null, protocol: null };
  if (messageBytes === null || protocol === null) return null;
  if (protocol === 'tcp') {
    const segments = Math.ceil(messageBytes / Math.max(1, mtu - 52));
    return [messageBytes, messageBytes + segments * 2 * largestHeaderBytes];
  }
  const datagram = messageBytes + datagramHeaderBytes;
  // Fragments carry multiples of 8 bytes (RFC 791).
  const fragments = Math.ceil(datagram / Math.max(8, Math.floor((mtu - 20) / 8) * 8));
  return [datagram + ethernetAndIpBytes, datagram + fragments * ethernetAndIpBytes];
}

/**
 * Requests and replies of the whole window. Where the tool does not say how many that were, the upper bound is stretched by the
 * part of the window that its figures leave out.
 */
export function messageLinkBounds(latency: Latency, measurement: WholeMeasurement, mtu: number): LinkBounds[] {
  const { spec, window, work } = measurement;
  const { durationNs, receivedMessages, droppedMessages } = latency;
  const sizes = messageBounds(spec, mtu);
  if (sizes === null || window === null || durationNs === null || receivedMessages === null) return [];
  const [least, most] = sizes;
  const isUncounted = work.roundTrips === null && durationNs > 0;
  const stretch = isUncounted ? Math.max(1, (window.endNs - window.startNs) / durationNs) : 1;
  const replies = Math.max(work.roundTrips ?? 0, receivedMessages);
  const dropped = droppedMessages ?? 0;
  // A message that was lost may have been lost before the tap.
  const requests = { least: Math.max(0, replies - dropped), most: replies + dropped };
  const bounds = (direction: LinkBounds['direction'], messages: { least: number; most: number }): LinkBounds => ({
    direction,
    least: messages.least * least,
    most: messages.most * most * stretch * (1 + warmUpSlackShare) + slackBytes,
  });
  return [bounds('fromGuest', requests), bounds('toGuest', { least: replies, most: replies })];
}
