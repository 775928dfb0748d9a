import type { Throughput, ThroughputStream } from '../record/throughput.ts';

/** Digits as iperf3 prints them: three, in a field of four characters. */
function fourCharacters(value: number): string {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits).padStart(4);
}

function withPrefix(value: number, step: number, unit: string): string {
  const prefixes = ['', 'K', 'M', 'G', 'T'];
  let index = 0;
  let rest = value;
  while (rest >= step && index < prefixes.length - 1) {
    rest /= step;
    index += 1;
  }
  return `${fourCharacters(rest)} ${prefixes[index] ?? ''}${unit}`;
}

interface Row {
  readonly id: string;
  readonly durationNs: number;
  readonly bytes: number;
  /** Bits per second; null: bytes over duration. */
  readonly bitsPerSecond: number | null;
  /** What follows the rate, up to `sender` or `receiver`. */
  readonly tail: string;
}

/** One line in iperf3's own layout: bytes in powers of 1024, bits in powers of 1000. */
function line({ id, durationNs, bytes, bitsPerSecond, tail }: Row): string {
  const seconds = durationNs / 1e9;
  const rate = bitsPerSecond ?? (seconds > 0 ? (bytes * 8) / seconds : 0);
  const end = seconds.toFixed(2).padEnd(6);
  return `[${id}]   0.00-${end} sec  ${withPrefix(bytes, 1024, 'Bytes')}  ${withPrefix(rate, 1000, 'bits')}/sec${tail}`;
}

function senderTail(retransmits: number | null): string {
  return `  ${(retransmits === null ? '' : String(retransmits)).padStart(3)}             sender`;
}

const receiverTail = `${' '.repeat(18)}receiver`;

function pair(
  id: string,
  figures: Pick<ThroughputStream, 'bytes' | 'sentBytes' | 'bitsPerSecond' | 'retransmits'>,
  durationNs: number,
): string[] {
  const { bytes, sentBytes, bitsPerSecond, retransmits } = figures;
  const sent =
    sentBytes === null
      ? []
      : [line({ id, durationNs, bytes: sentBytes, bitsPerSecond: null, tail: senderTail(retransmits) })];
  return [...sent, line({ id, durationNs, bytes, bitsPerSecond, tail: receiverTail })];
}

function datagramTail({ datagrams }: Throughput): string {
  if (datagrams === null) return receiverTail;
  const { jitterNs, lost, sent } = datagrams;
  const share = sent === 0 ? 0 : (lost / sent) * 100;
  return `  ${(jitterNs / 1e6).toFixed(3)} ms  ${String(lost)}/${String(sent)} (${String(Number(share.toPrecision(2)))}%)  receiver`;
}

/** The end of iperf3's text output, with its own rounding; the sums stand there where it would print them. */
export function iperf3Table(throughput: Throughput): string[] {
  const { protocol, durationNs, streams } = throughput;
  const tail = protocol === 'tcp' ? 'Retr' : 'Jitter    Lost/Total Datagrams';
  const id = (stream: ThroughputStream) => String(stream.id).padStart(3);
  const [only] = streams;
  const isSingle = only !== undefined && streams.length === 1;
  const sum = pair(isSingle ? id(only) : 'SUM', throughput, durationNs);
  // Only the sum has the datagrams; of a single TCP stream iperf3 prints no sum.
  const sums =
    protocol === 'udp' ? sum.map((each) => each.replace(receiverTail, datagramTail(throughput))) : isSingle ? [] : sum;
  const singles =
    protocol === 'udp' && isSingle ? [] : streams.flatMap((stream) => pair(id(stream), stream, durationNs));
  return [
    '- - - - - - - - - - - - - - - - - - - - - - - - -',
    `[ ID] Interval           Transfer     Bitrate         ${tail}`,
    ...singles,
    ...sums,
  ];
}
