import type { Iperf3Spec } from '../record/experiment.ts';
import type { Finding } from '../record/finding.ts';
import type { Throughput } from '../record/throughput.ts';
import type { Audit, AuditContext } from './audit.ts';
import { inFlightBytes } from './in-flight.ts';
import { amount, percent } from './quantity.ts';

const audit = 'sent-received';

/** Beyond what explains a difference, this share of the bytes makes the figure unusable. */
const voidAbove = 0.01;
/** iperf3's default buffer of one TCP write: without omitted seconds, no more than one a stream can be counted late. */
const writeBytes = 131_072;

/** How far the two ends may rightly be apart, bytes: [received too little, received too much]. */
function allowance(throughput: Throughput, spec: Iperf3Spec, context: AuditContext): [number, number] {
  const inFlight = inFlightBytes(spec, context);
  // The two ends stop omitting at different moments, so the receiver may count what the sender left out.
  return [inFlight, spec.omitNs > 0 ? inFlight : throughput.streams.length * (spec.bufferBytes ?? writeBytes)];
}

function judgeTcp(throughput: Throughput, sentBytes: number, [short, over]: [number, number]): Finding[] {
  const difference = throughput.bytes - sentBytes;
  if (difference <= over && -difference <= short) return [];
  const share = Math.abs(difference) / Math.max(sentBytes, 1);
  const why =
    difference > 0 ? 'more was received than was sent' : 'more is missing than socket buffers can hold at the end';
  const message = `${amount(sentBytes)} bytes were sent and ${amount(throughput.bytes)} received (${percent(share)} apart): ${why}`;
  return [{ level: share > voidAbove ? 'void' : 'doubt', audit, message, concerns: ['throughput', 'cost'] }];
}

/** UDP: what was received is what was sent less the lost datagrams. */
function judgeUdp(throughput: Throughput, sentBytes: number): Finding[] {
  const { datagrams } = throughput;
  if (datagrams === null || datagrams.sent === 0) return [];
  const expected = sentBytes * (1 - Math.min(1, datagrams.lost / datagrams.sent));
  const share = Math.abs(throughput.bytes - expected) / Math.max(sentBytes, 1);
  if (share <= voidAbove) return [];
  const message = `${amount(throughput.bytes)} bytes were received, sent less lost says ${amount(expected)} (${percent(share)} of the sent apart)`;
  return [{ level: 'void', audit, message, concerns: ['throughput', 'cost'] }];
}

/** Sender and receiver count apart, at the two ends of the path: they must agree within what was under way when the clock stopped. */
export const sentReceived: Audit = {
  name: audit,
  judge(context: AuditContext): Finding[] {
    const { throughput, spec } = context.measurement;
    if (throughput === null || throughput.sentBytes === null || spec.kind !== 'iperf3') return [];
    if (throughput.protocol === 'udp') return judgeUdp(throughput, throughput.sentBytes);
    return judgeTcp(throughput, throughput.sentBytes, allowance(throughput, spec, context));
  },
};
