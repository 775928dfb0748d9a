import type { Throughput, ThroughputStream } from '../../record/throughput.ts';

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
  /** null: not said; so is each null below. */
  readonly durationNs: number | null;
  readonly bytes: number | null;
  readonly bitsPerSecond: number | null;
  /** What follows the rate, up to `sender` or `receiver`. */
  readonly tail: string;
}

/** One line in iperf3's own layout: bytes in powers of 1024, bits in powers of 1000. A column that is not known is not there; no line without an amount and a rate. */
function line({ id, durationNs, bytes, bitsPerSecond, tail }: Row): string[] {
  if (bytes === null && bitsPerSecond === null) return [];
  const cells = [
    ...(durationNs === null ? [] : [`0.00-${(durationNs / 1e9).toFixed(2).padEnd(6)} sec`]),
    ...(bytes === null ? [] : [withPrefix(bytes, 1024, 'Bytes')]),
    ...(bitsPerSecond === null ? [] : [`${withPrefix(bitsPerSecond, 1000, 'bits')}/sec`]),
  ];
  return [`[${id}]   ${cells.join('  ')}${tail}`];
}

function rateOf(bytes: number | null, durationNs: number | null): number | null {
  if (bytes === null || durationNs === null) return null;
  return durationNs > 0 ? (bytes * 8) / (durationNs / 1e9) : 0;
}

function senderTail(retransmits: number | null): string {
  return `  ${(retransmits === null ? '' : String(retransmits)).padStart(3)}             sender`;
}

const receiverTail = `${' '.repeat(18)}receiver`;

type Figures = Pick<ThroughputStream, 'bytes' | 'sentBytes' | 'bitsPerSecond' | 'retransmits'>;

interface Pair {
  readonly id: string;
  readonly durationNs: number | null;
  /** What follows the rate of the receiver. */
  readonly tail: string;
}

/** A line of the sender, whose rate iperf3 works out, and one of the receiver; alone, the sender's rate would be taken for what arrived. */
function pair({ bytes, sentBytes, bitsPerSecond, retransmits }: Figures, { id, durationNs, tail }: Pair): string[] {
  const hasArrived = bytes !== null || bitsPerSecond !== null;
  const sentRate = hasArrived ? rateOf(sentBytes, durationNs) : null;
  return [
    ...line({ id, durationNs, bytes: sentBytes, bitsPerSecond: sentRate, tail: senderTail(retransmits) }),
    ...line({ id, durationNs, bytes, bitsPerSecond, tail }),
  ];
}

/** Whether a stream has every figure of the sum. */
function isAll(stream: Figures, sum: Figures): boolean {
  const fields = ['bytes', 'sentBytes', 'bitsPerSecond', 'retransmits'] as const;
  return fields.every((field) => sum[field] === null || sum[field] === stream[field]);
}

function datagramTail({ datagrams }: Throughput): string {
  if (datagrams === null) return receiverTail;
  const { jitterNs, lost, sent } = datagrams;
  if (jitterNs === null || lost === null || sent === null) return receiverTail;
  const share = sent === 0 ? 0 : (lost / sent) * 100;
  return `  ${(jitterNs / 1e6).toFixed(3)} ms  ${String(lost)}/${String(sent)} (${String(Number(share.toPrecision(2)))}%)  receiver`;
}

const tails = { tcp: 'Retr', udp: 'Jitter    Lost/Total Datagrams' } as const;

/** The end of iperf3's text output, with its own rounding; the sums stand there where it would print them. */
export function iperf3Table(throughput: Throughput): string[] {
  const { protocol } = throughput;
  return [
    '- - - - - - - - - - - - - - - - - - - - - - - - -',
    `[ ID] Interval           Transfer     Bitrate         ${protocol === null ? '' : tails[protocol]}`.trimEnd(),
    ...iperf3Rows(throughput),
  ];
}

/** Its rows alone: of a single stream iperf3 prints no sum. Only the sum has the datagrams. */
export function iperf3Rows(throughput: Throughput): string[] {
  const { protocol, durationNs, streams } = throughput;
  // UDP has none, and no column for them.
  const shown = (figures: Figures): Figures => (protocol === 'udp' ? { ...figures, retransmits: null } : figures);
  // Both ways of iperf 2 have one id: it prints a star before that of the second.
  const isSecond = (stream: ThroughputStream) => streams.find(({ id: other }) => other === stream.id) !== stream;
  const id = (stream: ThroughputStream) => `${isSecond(stream) ? '*' : ''}${String(stream.id)}`.padStart(3);
  const tail = protocol === 'udp' ? datagramTail(throughput) : receiverTail;
  const [only] = streams;
  if (only !== undefined && streams.length === 1 && isAll(only, shown(throughput))) {
    return pair(shown(throughput), { id: id(only), durationNs, tail });
  }
  return [
    ...streams.flatMap((stream) => pair(shown(stream), { id: id(stream), durationNs, tail: receiverTail })),
    ...pair(shown(throughput), { id: 'SUM', durationNs, tail }),
  ];
}
