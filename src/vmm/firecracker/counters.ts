import { z } from 'zod';
import type { CounterSource } from '../../record/counter-source.ts';
import { ParseError } from '../../record/error.ts';
import { interfaceId } from './config.ts';

const section = `net_${interfaceId}`;
const line = z.looseObject({ [section]: z.record(z.string(), z.unknown()) });

/** Counters of the card in one line of the metrics file; what is no count (latency aggregates) is left out. @throws ParseError */
function readLine(text: string): Record<string, number> {
  const at = { file: 'firecracker metrics', path: section };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ParseError(at, `no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const parsed = line.safeParse(json);
  if (!parsed.success) throw new ParseError(at, 'the section of the network card is missing');
  const values = Object.entries(parsed.data[section]);
  return Object.fromEntries(values.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/**
 * Counters of the card since the last line (SharedIncMetric of src/vmm/src/logger/metrics.rs), a line for each FlushMetrics and one a minute
 * (src/firecracker/src/metrics.rs). tx is what the guest sends. Bytes are those of its tap calls: with the virtio header, 12 bytes a packet
 * (src/vmm/src/devices/virtio/net/device.rs, vnet_hdr_len; the same from 1.8 to 1.16).
 */
export function firecrackerCounters(place: { socket: string; metrics: string }): CounterSource {
  return {
    source: "Firecracker's metrics file",
    request: {
      socket: place.socket,
      method: 'PUT',
      path: '/actions',
      body: JSON.stringify({ action_type: 'FlushMetrics' }),
    },
    file: place.metrics,
    counts: 'since-last',
    read: readLine,
    names: {
      fromGuest: { packets: 'tx_packets_count', bytes: 'tx_bytes_count' },
      toGuest: { packets: 'rx_packets_count', bytes: 'rx_bytes_count' },
    },
  };
}
