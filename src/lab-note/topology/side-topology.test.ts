import { describe, expect, it } from 'vitest';
import { readSide } from '../command/side.ts';
import { topologyOfSides } from './side-topology.ts';

describe('the topology of the sides of two commands', () => {
  it.each([
    ['host', 'vm', 'host-to-vm'],
    ['vm', 'host', 'vm-to-host'],
    ['vm1', 'vm2', 'vm-to-vm'],
    ['client-vm', 'server-vm', 'vm-to-vm'],
    ['host', 'host', 'host-to-host'],
    ['vm-host', 'guest', 'host-to-vm'],
    ['pve', 'guest', 'host-to-vm'],
  ])('client on %s, server on %s: %s', (client, server, topology) => {
    expect(topologyOfSides(readSide(client), readSide(server))).toBe(topology);
  });

  it.each([
    ['guest', 'guest'],
    ['vm1', 'vm1'],
    ['host1', 'host2'],
    ['client', 'vm'],
    ['vm', 'laptop'],
  ])('is not known of %s and %s', (client, server) => {
    expect(topologyOfSides(readSide(client), readSide(server))).toBeNull();
  });
});
