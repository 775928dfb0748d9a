import type { Measurement } from '../record/measurement.ts';

/** The figures of a measurement in base units with every digit, as `key=value` words: what a program reads back where the tool's own text is rounded. */
export function exactLine({ throughput, latency }: Measurement): string {
  const fields: [string, number | null][] = [];
  if (throughput !== null) {
    const { bitsPerSecond, bytes, sentBytes, durationNs, retransmits } = throughput;
    fields.push(...Object.entries({ bitsPerSecond, bytes, sentBytes, durationNs, retransmits }));
  }
  if (latency !== null) {
    fields.push(
      ['messages', latency.messages],
      ['messageBytes', latency.messageBytes],
      ['durationNs', latency.durationNs],
    );
    for (const [key, ns] of Object.entries(latency.halfRoundTripNs)) fields.push([`halfRoundTripNs.${key}`, ns]);
  }
  return fields.map(([key, value]) => `${key}=${value === null ? 'null' : String(value)}`).join(' ');
}
