import type { MeasuredInterval, MeasuredStream, MeasuredThroughput } from '../../measured-figures.ts';
import type { ToolReading } from '../../workload.ts';
import type { Iperf3Output, Iperf3TcpOutput, Iperf3UdpOutput } from './output.ts';

const nsPerSecond = 1e9;
const nsPerMillisecond = 1e6;
const nsPerMicrosecond = 1e3;
const bitsPerByte = 8;

/** iperf3 gives -1 or nothing where it can't count. */
function countOrNull(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

/**
 * The intervals on one time axis: iperf3 starts again from 0 after the omitted part.
 * Bytes are the client's own: sent in an upload, received in a download.
 */
function intervalsOf({ intervals }: Iperf3Output['output']): MeasuredInterval[] {
  const omittedEnd = intervals.reduce((end, { sum }) => (sum.omitted ? Math.max(end, sum.end) : end), 0);
  return intervals.map(({ sum }) => {
    const offset = sum.omitted ? 0 : omittedEnd;
    return {
      startNs: Math.round((sum.start + offset) * nsPerSecond),
      endNs: Math.round((sum.end + offset) * nsPerSecond),
      bytes: sum.bytes,
      bitsPerSecond: sum.bits_per_second,
      retransmits: countOrNull(sum.retransmits),
      isOmitted: sum.omitted,
    };
  });
}

/** What both protocols say in the same way. */
function shared(output: Iperf3Output['output']) {
  const { sum_received: received, sum_sent: sent, cpu_utilization_percent: cpu } = output.end;
  return {
    bitsPerSecond: (received.bytes * bitsPerByte) / received.seconds,
    bytes: received.bytes,
    sentBytes: sent.bytes,
    durationNs: Math.round(received.seconds * nsPerSecond),
    intervals: intervalsOf(output),
    toolCpuPercent: cpu === undefined ? null : { client: cpu.host_total, server: cpu.remote_total },
  };
}

function tcpStream({ sender, receiver }: Iperf3TcpOutput['end']['streams'][number]): MeasuredStream {
  const roundTripMicroseconds = sender.mean_rtt ?? 0;
  return {
    id: sender.socket,
    bytes: receiver.bytes,
    sentBytes: sender.bytes,
    bitsPerSecond: receiver.bits_per_second,
    retransmits: countOrNull(sender.retransmits),
    meanTcpRoundTripNs: roundTripMicroseconds > 0 ? roundTripMicroseconds * nsPerMicrosecond : null,
  };
}

function tcpThroughput(output: Iperf3TcpOutput): MeasuredThroughput {
  const { end } = output;
  return {
    protocol: 'tcp',
    ...shared(output),
    retransmits: countOrNull(end.sum_sent.retransmits),
    streams: end.streams.map(tcpStream),
    datagrams: null,
    congestionControl: {
      sender: end.sender_tcp_congestion ?? null,
      receiver: end.receiver_tcp_congestion ?? null,
    },
  };
}

/**
 * The client's output has no received bytes of a UDP stream, only datagrams sent and lost. Datagrams lost after the last one that
 * arrived are not among the lost, so that several streams may add up to a little more than the total, which is the receiver's own count.
 */
function udpStream({ udp }: Iperf3UdpOutput['end']['streams'][number], total: Iperf3UdpOutput['end']): MeasuredStream {
  const arrived = Math.max(0, udp.packets - Math.max(0, udp.lost_packets));
  const estimate = udp.packets === 0 ? 0 : Math.round((udp.bytes * arrived) / udp.packets);
  const bytes = total.streams.length === 1 ? total.sum_received.bytes : estimate;
  return {
    id: udp.socket,
    bytes,
    sentBytes: udp.bytes,
    bitsPerSecond: (bytes * bitsPerByte) / total.sum_received.seconds,
    retransmits: null,
    meanTcpRoundTripNs: null,
  };
}

function udpThroughput(output: Iperf3UdpOutput): MeasuredThroughput {
  const { end } = output;
  const outOfOrder = end.streams.map(({ udp }) => countOrNull(udp.out_of_order));
  return {
    protocol: 'udp',
    ...shared(output),
    retransmits: null,
    streams: end.streams.map((stream) => udpStream(stream, end)),
    datagrams: {
      sent: end.sum_sent.packets,
      // Negative where datagrams that were counted as lost came late.
      lost: Math.max(0, end.sum_received.lost_packets),
      outOfOrder: outOfOrder.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0),
      jitterNs: end.sum_received.jitter_ms * nsPerMillisecond,
    },
    congestionControl: { sender: null, receiver: null },
  };
}

/** The throughput of a test of one way. */
export function throughputOf(read: Iperf3Output): MeasuredThroughput {
  return read.kind === 'tcp' ? tcpThroughput(read.output) : udpThroughput(read.output);
}

/** The record of one iperf3 client. `payloadBytes` is all that was carried in the window: what arrived, and what was omitted from the figures. */
export function iperf3Reading(throughput: MeasuredThroughput): ToolReading {
  const omitted = throughput.intervals.filter(({ isOmitted }) => isOmitted);
  const payloadBytes = omitted.reduce((sum, { bytes }) => sum + bytes, throughput.bytes);
  return { throughput, latency: null, messages: null, payloadBytes };
}
