import { z } from 'zod';
import type { CounterSource } from '../../record/counter-source.ts';
import { ParseError } from '../../record/error.ts';

/** Root of its HTTP API (vmm/src/api/http/mod.rs, HTTP_ROOT). */
export const api = '/api/v1';

/** Name of the network card: in the answer of `vm.counters` and in its threads' names. */
export const netId = 'net0';

const answer = z.looseObject({ [netId]: z.record(z.string(), z.number()) });

/** Counters of the card in an answer of `vm.counters`; those of other devices are left out. @throws ParseError */
function readAnswer(text: string): Record<string, number> {
  const at = { file: 'vm.counters', path: netId };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ParseError(at, `no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const counters = answer.safeParse(json).data?.[netId];
  if (counters === undefined) throw new ParseError(at, 'no counters of the network card');
  return counters;
}

/**
 * Counters of the card since the start of the VM, over all of its queues (NetCounters of net_util/src/queue_pair.rs; the same in 44.0, 51.2 and
 * 53.0). tx is what the guest sends. A frame is one read or write of the tap, however many segments it holds; its bytes are without the virtio header.
 */
export function cloudHypervisorCounters(socket: string): CounterSource {
  return {
    source: 'vm.counters of Cloud Hypervisor',
    request: { socket, method: 'GET', path: `${api}/vm.counters`, body: null },
    file: null,
    counts: 'total',
    read: readAnswer,
    names: {
      fromGuest: { packets: 'tx_frames', bytes: 'tx_bytes' },
      toGuest: { packets: 'rx_frames', bytes: 'rx_bytes' },
    },
  };
}
