import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../../test/sample/experiment.ts';
import type { NicSpec } from '../../record/experiment.ts';
import { machineCount } from '../../record/topology.ts';
import { topologies } from './topologies.ts';
import type { WorldPlan } from './world-plan.ts';

const { nic } = sampleConfiguration();

function planOf(name: keyof typeof topologies, pairs: number, own: Partial<NicSpec> = {}): WorldPlan {
  return topologies[name].plan({
    nic: { ...nic, ...own },
    pairs,
    labName: 'tapbench-1-t',
    tapOwner: (machine) => 1000 + machine,
  });
}

/** Words of all lines, as they follow a word. */
function after(plan: WorldPlan, word: string): string[] {
  return plan.namespaces.flatMap(({ batch }) =>
    batch.flatMap((line) => [...line.matchAll(new RegExp(`\\b${word} (\\S+)`, 'g'))].map(([, value = '']) => value)),
  );
}

const names = ['vm-to-host', 'host-to-vm', 'vm-to-vm', 'host-to-host'] as const;

describe('a single pair of a VM and the host', () => {
  it('has the addresses of the lab note', () => {
    expect(planOf('vm-to-host', 1)).toEqual({
      namespaces: [
        {
          name: 'host',
          netns: 'tapbench-1-t',
          batch: [
            'tuntap add dev tap0 mode tap vnet_hdr user 1000',
            'link set dev tap0 address 02:74:62:00:00:01 addrgenmode none mtu 1500',
            'addr add 192.168.100.1/24 dev tap0',
            'link set dev tap0 up',
          ],
          offloadsOff: [],
        },
      ],
      joins: [],
      machines: [
        {
          name: 'vm1',
          end: 'client',
          namespace: 'host',
          tap: 'tap0',
          mac: '02:74:62:00:00:02',
          address: '192.168.100.2/24',
          receiver: { address: '192.168.100.1', port: 5199 },
        },
      ],
      flows: [{ name: 'flow1', client: 'vm1', server: 'host', address: '192.168.100.1' }],
      links: [{ device: 'tap0', namespace: 'host', machine: 'vm1', flow: 'flow1' }],
    });
  });

  it('is the same with the parts changed', () => {
    const there = planOf('vm-to-host', 1);
    const back = planOf('host-to-vm', 1);
    expect(back.namespaces).toEqual(there.namespaces);
    expect(back.links).toEqual(there.links);
    expect(back.flows).toEqual([{ name: 'flow1', client: 'host', server: 'vm1', address: '192.168.100.2' }]);
    expect(back.machines).toEqual(there.machines.map((machine) => ({ ...machine, end: 'server' })));
  });

  it('gives the tap its queues, and switches off what is not wanted', () => {
    const plan = planOf('vm-to-host', 1, { queues: 2, offloads: { ...nic.offloads, gso: false } });
    expect(plan.namespaces[0]?.batch[0]).toBe('tuntap add dev tap0 mode tap vnet_hdr multi_queue user 1000');
    expect(plan.namespaces[0]?.offloadsOff).toEqual([{ device: 'tap0', features: ['gso'] }]);
  });
});

describe('two VMs on a bridge', () => {
  it('have taps that are its ports, and a way to the host beside it', () => {
    const plan = planOf('vm-to-vm', 1);
    expect(plan.namespaces[0]?.batch).toEqual([
      'link add br0 type bridge mcast_snooping 0',
      'tuntap add dev tap0 mode tap vnet_hdr user 1000',
      'link set dev tap0 address 02:74:62:01:00:02 addrgenmode none mtu 1500',
      'link set dev tap0 master br0',
      'link set dev tap0 up',
      'tuntap add dev tap1 mode tap vnet_hdr user 1001',
      'link set dev tap1 address 02:74:62:01:00:03 addrgenmode none mtu 1500',
      'link set dev tap1 master br0',
      'link set dev tap1 up',
      'link set dev br0 address 02:74:62:00:00:01 addrgenmode none mtu 1500',
      'addr add 192.168.100.1/24 dev br0',
      'link set dev br0 up',
    ]);
    expect(plan.flows).toEqual([{ name: 'flow1', client: 'vm1', server: 'vm2', address: '192.168.100.3' }]);
    expect(plan.machines.map(({ end, address }) => [end, address])).toEqual([
      ['client', '192.168.100.2/24'],
      ['server', '192.168.100.3/24'],
    ]);
  });
});

describe('host to host', () => {
  it('is two namespaces with a veth pair between them, and nothing of it outside of them', () => {
    const plan = planOf('host-to-host', 1);
    expect(plan.machines).toEqual([]);
    expect(plan.namespaces.map(({ name, netns, batch }) => [name, netns, batch])).toEqual([
      [
        'client1',
        'tapbench-1-t-client1',
        [
          'link set dev veth0 address 02:74:62:00:00:02 addrgenmode none mtu 1500',
          'addr add 192.168.100.2/24 dev veth0',
          'link set dev veth0 up',
        ],
      ],
      [
        'server1',
        'tapbench-1-t-server1',
        [
          'link set dev veth0 address 02:74:62:00:00:01 addrgenmode none mtu 1500',
          'addr add 192.168.100.1/24 dev veth0',
          'link set dev veth0 up',
        ],
      ],
    ]);
    expect(plan.joins).toEqual([
      'link add name veth0 netns tapbench-1-t-client1 type veth peer name veth0 netns tapbench-1-t-server1',
    ]);
    expect(plan.links).toEqual([{ device: 'veth0', namespace: 'server1', machine: null, flow: 'flow1' }]);
  });

  it('switches off at both ends what the experiment switches off', () => {
    const offloads = { csum: false, tso: false, gso: false, mrgRxbuf: true };
    const off = planOf('host-to-host', 1, { offloads }).namespaces.map(({ offloadsOff }) => offloadsOff);
    expect(off).toEqual(Array(2).fill([{ device: 'veth0', features: ['tx', 'rx', 'tso', 'gso'] }]));
  });
});

describe.each(names)('64 pairs of %s', (name) => {
  const plan = planOf(name, 64);

  it('begin with the single pair', () => {
    const single = planOf(name, 1);
    expect(plan.machines.slice(0, single.machines.length)).toEqual(single.machines);
    expect(plan.flows[0]).toEqual(single.flows[0]);
    expect(plan.namespaces[0]?.batch.slice(0, single.namespaces[0]?.batch.length)).toEqual(single.namespaces[0]?.batch);
  });

  it('share no address, no subnet, no name and no port to fetch by', () => {
    const addresses = [...plan.machines.map(({ address }) => address), ...after(plan, 'addr add')];
    expect(new Set(addresses).size).toBe(addresses.length);
    const subnetsOf = plan.flows.map((flow) => flow.address.split('.').slice(0, 3).join('.'));
    expect(new Set(subnetsOf).size).toBe(64);
    const macs = [...plan.machines.map(({ mac }) => mac), ...after(plan, 'address')];
    expect(new Set(macs).size).toBe(macs.length);
    const ports = plan.machines.map(({ receiver }) => receiver.port);
    expect(new Set(ports).size).toBe(ports.length);
    // Ports that are nobody's (RFC 6335), and below those of the workloads.
    for (const port of ports) expect(port >= 1024 && port < 5200).toBe(true);
    const named = [...plan.machines, ...plan.namespaces].map((one) => one.name);
    expect(new Set(named).size).toBe(named.length);
    expect(new Set(plan.namespaces.map(({ netns }) => netns)).size).toBe(plan.namespaces.length);
  });

  it('have addresses that are addresses, and devices with names that the kernel takes', () => {
    for (const address of [...plan.machines.map((one) => one.address), ...after(plan, 'addr add')]) {
      expect(address).toMatch(/^192\.168\.\d{1,3}\.[123]\/24$/);
      expect(Number(address.split('.')[2])).toBeLessThan(256);
    }
    for (const mac of after(plan, 'address')) expect(mac).toMatch(/^02:74:62:0[01]:[0-3][0-9a-f]:0[123]$/);
    const devices = [...plan.machines.map(({ tap }) => tap), ...after(plan, 'dev'), ...after(plan, 'master')];
    // IFNAMSIZ of linux/if.h is 16, with the zero byte.
    for (const device of devices) expect(device).toMatch(/^[a-z]+\d+$/);
    expect(Math.max(...devices.map((device) => device.length))).toBeLessThan(16);
  });

  it('give every flow two ends that are there, and a link of its own', () => {
    const ends = new Set([...plan.machines, ...plan.namespaces].map((one) => one.name));
    for (const { client, server } of plan.flows) expect(ends.has(client) && ends.has(server)).toBe(true);
    for (const { flow, namespace } of plan.links) {
      expect(plan.flows.some((one) => one.name === flow)).toBe(true);
      expect(plan.namespaces.some((one) => one.name === namespace)).toBe(true);
    }
    expect(new Set(plan.links.map(({ flow }) => flow)).size).toBe(64);
    const places = plan.links.map(({ device, namespace }) => `${namespace} ${device}`);
    expect(new Set(places).size).toBe(places.length);
    expect(plan.machines).toHaveLength(machineCount({ topology: name, pairs: 64 }));
  });

  it('let each VMM to its own tap alone', () => {
    const owners = after(plan, 'user');
    expect(new Set(owners).size).toBe(plan.machines.length);
  });
});
