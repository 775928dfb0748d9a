import type { TopologyName } from './experiment.ts';

/** Which end runs the client: the one that asks, and that sends bulk data unless it is told to receive. */
export const clientSide: Readonly<Record<TopologyName, 'guest' | 'host'>> = {
  'vm-to-host': 'guest',
  'host-to-vm': 'host',
};

/** Which way bulk data crosses the tap. */
export function dataFlow(topology: TopologyName, direction: 'upload' | 'download'): 'fromGuest' | 'toGuest' {
  return (clientSide[topology] === 'guest') === (direction === 'upload') ? 'fromGuest' : 'toGuest';
}
