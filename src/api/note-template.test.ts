import { describe, expect, it } from 'vitest';
import { readNote } from '../lab-note/read-note.ts';
import { noteTemplateOf } from './note-template.ts';

describe('the empty note of an experiment', () => {
  it('has the commands of its workloads by side, and a block for each output that is not recorded yet', async () => {
    const { sections } = readNote(await noteTemplateOf({ nameOrPath: 'vm-to-host', overrides: [] }));
    const commands = sections.flatMap((section) => section.commands);
    expect(commands.map(({ side, program }) => [side?.place, program])).toEqual([
      ['host', 'bpftrace'],
      ['host', 'iperf3'],
      ['guest', 'iperf3'],
      ['host', 'bpftrace'],
      ['host', 'sockperf'],
      ['guest', 'sockperf'],
    ]);
    expect(commands[2]?.argv).toEqual(expect.arrayContaining(['-c', '192.168.100.1', '-t', '30', '-P', '4']));
    expect(sections.flatMap(({ notRecorded }) => notRecorded)).toHaveLength(4);
    expect(sections.flatMap(({ notUnderstood, readings }) => [...notUnderstood, ...readings])).toEqual([]);
    expect(new Set(sections.map(({ topology }) => topology))).toEqual(new Set(['vm-to-host']));
  });

  it('has a part for each workload of each configuration, with the ends where the topology has them', async () => {
    const overrides = ['topology=host-to-vm', 'matrix={nic.mtu: [1500, 9000]}'];
    const { sections } = readNote(await noteTemplateOf({ nameOrPath: 'quick', overrides }));
    const parts = sections.filter(({ commands }) => commands.length > 0);
    expect(parts.map(({ path }) => path.at(-1))).toEqual([
      'VM as server receiving bulk data from a host: mtu-1500, iperf3',
      'VM as server receiving bulk data from a host: mtu-9000, iperf3',
      'VM as server receiving small requests from a host: mtu-1500, sockperf',
      'VM as server receiving small requests from a host: mtu-9000, sockperf',
    ]);
    expect(parts[0]?.commands.map(({ side, program }) => [side?.place, program])).toEqual([
      ['host', 'bpftrace'],
      ['guest', 'iperf3'],
      ['host', 'iperf3'],
    ]);
    expect(new Set(sections.map(({ topology }) => topology))).toEqual(new Set(['host-to-vm']));
  });
});
