import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { Throughput } from '../record/throughput.ts';
import { transferOf } from '../workload/questions.ts';
import type { Transfer } from '../workload/workload.ts';
import type { Audit, AuditContext } from './audit.ts';
import { inFlight } from './in-flight.ts';
import { amount, percent } from './quantity.ts';
import { apart, exactly, quotientOf, type Rounded, rounded, roundingText } from './rounding.ts';

const audit = 'sent-received';

/** Beyond what explains a difference, this share of the bytes makes the figure unusable. */
const voidAbove = 0.01;
/** iperf3's default buffer of one TCP write: without omitted seconds, no more than one a stream can be counted late. */
const writeBytes = 131_072;
/** Linux's default socket buffer, bytes (net.core.rmem_default): what lies in it at the end of a UDP transfer was not read. */
const datagramBufferBytes = 212_992;

/** What the two ends say, bytes. */
interface Ends {
  readonly sent: Rounded;
  readonly received: Rounded;
}

/** How far the two ends may rightly be apart, bytes. */
interface Allowance {
  /** Received too little. */
  readonly short: number;
  /** Received too much. */
  readonly over: number;
  /** Whether other buffers than the kernel's default ones may explain bytes that are missing. */
  readonly isGuess: boolean;
  /** Whether the two ends may have omitted different stretches. */
  readonly isOmitted: boolean;
}

function allowance({ streams }: Throughput, spec: Transfer, context: AuditContext): Allowance {
  const count = Math.max(spec.streams ?? 1, streams.length);
  const { bytes, isGuess } = inFlight(spec, count, context);
  // The two ends stop omitting at different moments, so the receiver may count what the sender left out.
  const isOmitted = spec.omitNs === null || spec.omitNs > 0;
  const over = isOmitted ? bytes : count * (spec.bufferBytes ?? writeBytes);
  return { short: bytes, over, isGuess, isOmitted };
}

function judgeTcp({ sent, received }: Ends, { short, over, isGuess, isOmitted }: Allowance): Finding[] {
  const isOver = received.value > sent.value;
  const difference = apart(sent, received);
  if (difference <= (isOver ? over : short)) return [];
  const share = difference / Math.max(sent.value, 1);
  const why = isOver
    ? 'more was received than was sent'
    : `more is missing than ${isGuess ? 'default ' : ''}socket buffers can hold at the end`;
  const omitted = isOmitted ? ', if both ends omitted the same seconds' : '';
  const message = `${amount(sent.value)} bytes were sent and ${amount(received.value)} received (${percent(share)} apart${roundingText(sent, received)}): ${why}${omitted}`;
  // iperf3 3.6 and 3.9 with -O were seen to receive 12 % more than they sent.
  const isVoid = share > voidAbove && (isOver ? !isOmitted : !isGuess);
  return [{ level: isVoid ? 'void' : 'doubt', audit, message, concerns: ['throughput', 'cost'] }];
}

/** UDP: what was received is what was sent less the lost datagrams; the last ones, that none followed, are counted neither as received nor as lost. */
function judgeUdp({ sent, received }: Ends, measurement: WholeMeasurement): Finding[] {
  const datagrams = measurement.throughput?.datagrams ?? null;
  if (datagrams === null || datagrams.sent === null || datagrams.lost === null || datagrams.sent === 0) return [];
  const arrived = exactly(Math.max(0, datagrams.sent - datagrams.lost));
  const expected = quotientOf([sent, arrived], [exactly(datagrams.sent)]);
  const difference = apart(received, expected);
  const share = difference / Math.max(sent.value, 1);
  if (share <= voidAbove) return [];
  const isShort = received.value < expected.value;
  const streams = Math.max(1, measurement.throughput?.streams.length ?? 0);
  if (isShort && difference <= streams * datagramBufferBytes) return [];
  const why = isShort ? ': lost at the end, where no later datagram shows the gap, or not counted' : '';
  const message = `${amount(received.value)} bytes were received, sent less lost says ${amount(expected.value)} (${percent(share)} of the sent apart${roundingText(received, expected)})${why}`;
  return [{ level: isShort ? 'doubt' : 'void', audit, message, concerns: ['throughput', 'cost'] }];
}

/** Sender and receiver count apart, at the two ends of the path: they must agree within what was under way when the clock stopped. */
export const sentReceived: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge(context: AuditContext): Finding[] {
    const { measurement } = context;
    const { throughput, spec } = measurement;
    if (throughput === null || throughput.sentBytes === null || throughput.bytes === null) return [];
    const transfer = transferOf(spec);
    if (transfer === null) return [];
    const ends = {
      sent: rounded(measurement, 'throughput.sentBytes', throughput.sentBytes),
      received: rounded(measurement, 'throughput.bytes', throughput.bytes),
    };
    if (throughput.protocol === 'udp') return judgeUdp(ends, measurement);
    return judgeTcp(ends, allowance(throughput, transfer, context));
  },
};
