import { z } from 'zod';
import { firstComplaint } from '../../../record/complaint.ts';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import { fitted } from '../../../record/fitted.ts';
import type { RawOutput } from '../../workload.ts';
import type { Iperf3Spec } from '../record.ts';

/** What the errors call the output. */
export const outputName = 'iperf3 -J';
/** No count of one transfer is larger, and none may overflow when it is multiplied. */
const count = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** -1 and other negative numbers stand for "cannot tell" in some. */
const signed = z.number().max(Number.MAX_SAFE_INTEGER);
/** Of a transfer; iperf3 prints whole microseconds. */
const seconds = z.number().min(1e-6).max(1e9);

const start = z.object({
  test_start: z.object({
    protocol: z.enum(['TCP', 'UDP']),
    num_streams: z.int().positive(),
    /** 1 where the server sends (`-R`). */
    reverse: z.number(),
  }),
});

const intervals = z.array(
  z.object({
    sum: z.object({
      /** Seconds since the start of the transfer; since the end of the omitted part for the intervals after it. */
      start: count,
      end: count,
      bytes: count,
      bits_per_second: count,
      retransmits: signed.optional(),
      omitted: z.boolean(),
    }),
  }),
);

const cpu = z.object({ host_total: count, remote_total: count });
const total = z.object({ seconds, bytes: count });

const tcpOutput = z.object({
  start,
  intervals,
  end: z.object({
    streams: z
      .array(
        z.object({
          sender: z.object({
            socket: z.int(),
            bytes: count,
            retransmits: signed.optional(),
            /** Microseconds; 0 where the client is not the sender. */
            mean_rtt: signed.optional(),
          }),
          receiver: z.object({ bytes: count, bits_per_second: count }),
        }),
      )
      .min(1),
    sum_sent: total.extend({ retransmits: signed.optional() }),
    sum_received: total,
    cpu_utilization_percent: cpu.optional(),
    sender_tcp_congestion: z.string().optional(),
    receiver_tcp_congestion: z.string().optional(),
  }),
});
export type Iperf3TcpOutput = z.infer<typeof tcpOutput>;

const udpOutput = z.object({
  start,
  intervals,
  end: z.object({
    streams: z
      .array(
        z.object({
          udp: z.object({
            socket: z.int(),
            /** Sent, in both directions. */
            bytes: count,
            /** Sent. */
            packets: count,
            lost_packets: signed,
            out_of_order: signed.optional(),
          }),
        }),
      )
      .min(1),
    // Not `sum`: its bytes are the sender's beside the receiver's seconds and losses.
    sum_sent: total.extend({ packets: count }),
    sum_received: total.extend({ jitter_ms: count, lost_packets: signed }),
    cpu_utilization_percent: cpu.optional(),
  }),
});
export type Iperf3UdpOutput = z.infer<typeof udpOutput>;

export type Iperf3Output =
  | { readonly kind: 'tcp'; readonly output: Iperf3TcpOutput }
  | { readonly kind: 'udp'; readonly output: Iperf3UdpOutput };

const errorOutput = z.object({ error: z.string() });

function failedTool(raw: RawOutput, text: string): TapbenchError {
  const status = raw.exitStatus === null ? 'ended by a signal' : `exit status ${raw.exitStatus}`;
  return new TapbenchError('TOOL_FAILED', `iperf3 failed (${status}): ${text}`, {
    hint: 'The raw output of client and server is kept beside the trial.',
  });
}

function firstWords(said: string): string {
  return firstComplaint(said) ?? 'it said nothing';
}

function parsedJson(raw: RawOutput): unknown {
  try {
    return JSON.parse(raw.stdout);
  } catch (cause) {
    if (raw.exitStatus !== 0) {
      throw failedTool(raw, firstWords(`${raw.stderr}\n${raw.stdout}`));
    }
    const length = raw.stdout.length;
    const what = length === 0 ? 'the output is empty' : `not JSON, perhaps truncated after ${length} characters`;
    throw new ParseError({ file: outputName, path: '$' }, what, { cause });
  }
}

/** The output must be that of the test that was asked for. */
function checkTest(found: z.infer<typeof start>['test_start'], spec: Iperf3Spec): void {
  const refuse = (field: string, message: string): never => {
    throw new ParseError({ file: outputName, path: `$.start.test_start.${field}` }, message);
  };
  if (found.protocol.toLowerCase() !== spec.protocol) {
    refuse('protocol', `${found.protocol}, but ${spec.protocol} was asked for`);
  }
  if ((found.reverse === 1) !== (spec.direction === 'download')) {
    refuse('reverse', `${found.reverse}, but ${spec.direction} was asked for`);
  }
}

/**
 * What `iperf3 -c ... -J` printed, which is of the test that was asked for.
 * @throws TapbenchError `TOOL_FAILED` where iperf3 says `error` (3.12 exits 0 with it) or failed
 * @throws ParseError where the output is empty, truncated or of another test than `spec`
 */
export function iperf3Json(raw: RawOutput, spec: Iperf3Spec): unknown {
  const json = parsedJson(raw);
  const error = errorOutput.safeParse(json);
  if (error.success) throw failedTool(raw, firstWords(error.data.error));
  if (raw.exitStatus !== 0) throw failedTool(raw, firstWords(raw.stderr));
  checkTest(fitted(z.object({ start }), json, outputName).start.test_start, spec);
  return json;
}

/**
 * The output of a test of one way. Fields it does not know are ignored.
 * @throws ParseError where it lacks a needed field or has other streams than `spec`
 */
export function oneWayOutput(json: unknown, spec: Iperf3Spec): Iperf3Output {
  const read: Iperf3Output =
    spec.protocol === 'udp'
      ? { kind: 'udp', output: fitted(udpOutput, json, outputName) }
      : { kind: 'tcp', output: fitted(tcpOutput, json, outputName) };
  const streams = read.output.end.streams.length;
  // More than asked for: a bidirectional test, whose two sums would be taken for one.
  if (streams !== spec.streams) {
    throw new ParseError(
      { file: outputName, path: '$.end.streams' },
      `${streams} streams, but ${spec.streams} were asked for`,
    );
  }
  return read;
}
