import type { Transfer } from '../workload/workload.ts';
import type { TopologyName } from './experiment.ts';
import type { RecordedTopology } from './recorded-experiment.ts';

/** Which end runs the client: the one that asks, and that sends bulk data unless it is told to receive. */
export const clientSide: Readonly<Record<TopologyName, 'guest' | 'host'>> = {
  'vm-to-host': 'guest',
  'host-to-vm': 'host',
};

/** Which way bulk data crosses the tap. */
export function dataFlow(topology: TopologyName, direction: 'upload' | 'download'): 'fromGuest' | 'toGuest' {
  return (clientSide[topology] === 'guest') === (direction === 'upload') ? 'fromGuest' : 'toGuest';
}

/** The same of a record; null where it has no one way: between two guests, without a guest, both ways at once, or not said. */
export function recordedDataFlow(
  topology: RecordedTopology | null,
  direction: Transfer['direction'],
): 'fromGuest' | 'toGuest' | null {
  if (topology !== 'vm-to-host' && topology !== 'host-to-vm') return null;
  return direction === 'upload' || direction === 'download' ? dataFlow(topology, direction) : null;
}
