import type { NoteSide } from '../command/side.ts';
import type { NotedTopology } from './noted-topology.ts';

type Place = Pick<NoteSide, 'place' | 'number' | 'text'>;

function areDifferent(a: Place, b: Place): boolean {
  return a.number === null || b.number === null ? a.text.toLowerCase() !== b.text.toLowerCase() : a.number !== b.number;
}

/**
 * The topology that the sides of the commands say: where the client ran, and where the server. Two guests must differ, as a server and a client in
 * one guest use no link of it; two hosts with numbers of their own are two machines, which is no topology of one host.
 */
export function topologyOfSides(client: Place | null, server: Place | null): NotedTopology | null {
  if (client === null || server === null || client.place === null || server.place === null) return null;
  if (client.place !== server.place) return client.place === 'guest' ? 'vm-to-host' : 'host-to-vm';
  if (client.place === 'guest') return areDifferent(client, server) ? 'vm-to-vm' : null;
  const areNumbered = client.number !== null && server.number !== null;
  return areNumbered && client.number !== server.number ? null : 'host-to-host';
}
