import { ParseError } from '../../../record/error.ts';
import { withoutTerminalCodes } from '../../../record/terminal-codes.ts';
import type { MeasuredThroughput } from '../../measured-figures.ts';
import type { RawOutput, ToolReading } from '../../workload.ts';
import type { SockperfSpec } from '../record.ts';
import { wellEndedText } from './summary.ts';

/** What the errors call the output. */
const file = 'sockperf';
const nsPerSecond = 1e9;
const bitsPerByte = 8;

const sentLine = /^sockperf: Total of (\d+) messages sent in (\d+\.\d{3}) sec(?:, \d+ messages skipped)?$/m;
const rateLine = /^sockperf: Summary: Message Rate is (\d+) \[msg\/sec\]$/m;
const bandwidthLine = /^sockperf: Summary: BandWidth is \d+\.\d{3} MBps \(\d+\.\d{3} Mbps\)$/m;
/** Of the server, since SIGINT asked it to end. */
const arrivedLine = /^sockperf: Total (\d+) messages received and handled$/m;

function numbers(text: string, pattern: RegExp, what: string): readonly number[] {
  const match = pattern.exec(text);
  if (match === null) throw new ParseError({ file, path: what }, 'missing or truncated');
  return match.slice(1).map(Number);
}

/** The seconds are cut to milliseconds, and the rate to whole messages. */
function checkRate(sent: number, seconds: number, rate: number): void {
  const [least, most] = [sent / (seconds + 0.001) - 1, sent / Math.max(seconds - 0.001, 0.001) + 1];
  if (rate >= least && rate <= most) return;
  const message = `${String(rate)} messages a second, but ${String(sent)} were sent in ${String(seconds)} s`;
  throw new ParseError({ file, path: 'Message Rate' }, message);
}

function throughputOf(spec: SockperfSpec, { sent, arrived, seconds }: Counts): MeasuredThroughput {
  const bytes = arrived * spec.messageBytes;
  const bitsPerSecond = (bytes * bitsPerByte) / seconds;
  const sentBytes = sent * spec.messageBytes;
  return {
    protocol: spec.protocol,
    bitsPerSecond,
    bytes,
    sentBytes,
    durationNs: Math.round(seconds * nsPerSecond),
    retransmits: null,
    streams: [{ id: 0, bytes, sentBytes, bitsPerSecond, retransmits: null, meanTcpRoundTripNs: null }],
    intervals: [],
    datagrams: { sent, lost: sent - arrived, outOfOrder: null, jitterNs: null },
    congestionControl: { sender: null, receiver: null },
    toolCpuPercent: null,
  };
}

interface Counts {
  readonly sent: number;
  readonly arrived: number;
  readonly seconds: number;
}

/**
 * Messages one way: what the client sent, and what the server says arrived.
 * @throws TapbenchError `TOOL_FAILED` where the client says that it failed
 * @throws ParseError where a line of either is missing, or they contradict each other
 */
export function messageRateReading(raw: RawOutput, spec: SockperfSpec): ToolReading {
  const text = wellEndedText(raw);
  const [sent = 0, seconds = 0] = numbers(text, sentLine, 'messages sent');
  const [rate = 0] = numbers(text, rateLine, 'Message Rate');
  numbers(text, bandwidthLine, 'BandWidth');
  if (sent === 0 || seconds === 0) throw new ParseError({ file, path: 'messages sent' }, 'nothing was sent');
  checkRate(sent, seconds, rate);
  const said = withoutTerminalCodes(raw.serverStdout ?? '');
  if (said.includes('No messages were received on the server')) {
    throw new ParseError({ file, path: 'messages received, of the server' }, 'none of them arrived');
  }
  const [arrived = 0] = numbers(said, arrivedLine, 'messages received, of the server');
  if (arrived > sent) {
    const message = `${String(arrived)} messages arrived, but ${String(sent)} were sent`;
    throw new ParseError({ file, path: 'messages received, of the server' }, message);
  }
  const throughput = throughputOf(spec, { sent, arrived, seconds });
  return { throughput, latency: null, messages: null, payloadBytes: throughput.bytes };
}
