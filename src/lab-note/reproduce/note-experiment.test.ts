import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readNote } from '../read-note.ts';
import { type NoteOrigin, noteRecord } from '../record/note-record.ts';
import { type NoteExperiment, noteExperiment } from './note-experiment.ts';

const origin: NoteOrigin = {
  file: 'note.md',
  sha256: '0'.repeat(64),
  readAt: '2026-01-01T00:00:00.000Z',
  runId: '20260101T000000Z-note-0000',
  roleOf: (name) => (name.startsWith('fc_vcpu') ? { vmm: 'firecracker', role: 'vcpu' } : null),
};

/** The experiment of a note that is put together from blocks. */
function experimentOf(note: string, vmms: readonly string[] = ['qemu']): NoteExperiment {
  const { header, trials } = noteRecord(readNote(note), origin);
  return noteExperiment(header.experiment.configurations, trials, { file: origin.file, vmms });
}

const fence = '```';
function block(...lines: string[]): string {
  return [fence, ...lines, fence].join('\n');
}

const bulkRow = '[SUM]   0.00-30.00  sec  57.2 GBytes  16.4 Gbits/sec                  receiver';
const bulkHead = '[ ID] Interval           Transfer     Bandwidth       Retr';
const requests = [
  'sockperf: [Valid Duration] RunTime=29.549 sec; SentMessages=198352; ReceivedMessages=198352',
  'sockperf: Summary: Latency is 74.383 usec',
];

function bulkNote(heading: string, command: string): string {
  return [`## ${heading}`, block('# host', 'iperf3 -s', '# vm', command), block(bulkHead, bulkRow)].join('\n');
}

describe('the experiment of a lab note', () => {
  it('runs what the commands ran', () => {
    const note = [
      bulkNote('VM as client', 'iperf3 -c 10.0.0.1 -t 20 -P 8 -R'),
      '## VM as client',
      block('# vm', 'sockperf ping-pong -i 10.0.0.1 -m 128 -t 15'),
      block(...requests),
    ].join('\n\n');
    const { yaml, assumed, impossible } = experimentOf(note);
    expect(parse(yaml ?? '')).toEqual({
      name: 'reproduce',
      topology: 'vm-to-host',
      vmm: { kind: 'qemu' },
      trace: { mode: 'off' },
      workloads: [
        { name: 'iperf3', kind: 'iperf3', duration: '20s', protocol: 'tcp', streams: 8, direction: 'download' },
        { name: 'sockperf', kind: 'sockperf', duration: '15s', mode: 'ping-pong', protocol: 'udp', messageBytes: 128 },
      ],
    });
    expect(impossible).toEqual([]);
    expect(assumed).toEqual([expect.stringContaining('the note does not say which VMM')]);
  });

  it('traces in the measured window where the note has counts, with the VMM that its threads tell', () => {
    const note = `${bulkNote('VM as client', 'iperf3 -c 10.0.0.1 -t 30 -P 4')}\n### Syscalls\n${block('@total[fc_vcpu 0, write]: 15664')}\n`;
    const { yaml, assumed } = experimentOf(note, ['qemu', 'firecracker']);
    expect(parse(yaml ?? '')).toMatchObject({ vmm: { kind: 'firecracker' }, trace: { mode: 'inline' } });
    expect(assumed).toEqual([]);
  });

  it('has a configuration for each of the note, and pairs that say which is which', () => {
    const note = `${bulkNote('VM as client', 'iperf3 -c 10.0.0.1 -t 30')}\n\n${bulkNote('VM as server', 'iperf3 -c 10.0.0.2 -t 30')}\n`;
    const { yaml, pairs } = experimentOf(note);
    const { matrix } = parse(yaml ?? '') as { matrix: { include: { name: string; topology: string }[] } };
    expect(matrix.include.map(({ name, topology }) => [name, topology])).toEqual([
      ['again-1', 'vm-to-host'],
      ['again-2', 'host-to-vm'],
    ]);
    expect(pairs.map(({ again }) => again.configuration)).toEqual(['again-1', 'again-2']);
  });

  it('does once what the note has several times, and pairs each with it', () => {
    const once = bulkNote('VM as client', 'iperf3 -c 10.0.0.1 -t 30');
    const { yaml, pairs } = experimentOf(`${once}\n\n${once}\n`);
    expect((parse(yaml ?? '') as { workloads: unknown[] }).workloads).toHaveLength(1);
    expect(pairs).toHaveLength(2);
    expect(new Set(pairs.map(({ again }) => again.workload)).size).toBe(1);
  });

  it.each([
    ['VM-VM', 'vm-to-vm, and the note does not say that both ends are on one host'],
    [
      'VM as server responding to requests of a VM',
      'vm-to-vm, and the note does not say that both ends are on one host',
    ],
    ['KVM to KVM', 'vm-to-vm, and the note does not say that both ends are on one host'],
    ['Bare metal', 'host-to-host, and the note does not say that both ends are on one host'],
    ['BM-BM', 'host-to-host, and the note does not say that both ends are on one host'],
    ['VM to another host', 'its heading speaks of other ends than a guest and its host: VM to another host'],
    ['VM to container', 'its heading speaks of other ends than a guest and its host: VM to container'],
  ])('refuses ends that tapbench does not set up, and says which: %s', (heading, reason) => {
    const note = `# ${heading}\n${block('iperf3 -c 10.0.0.1 -t 30')}\n${block(bulkHead, bulkRow)}`;
    const { yaml, impossible } = experimentOf(note);
    expect(yaml).toBeNull();
    expect(impossible).toEqual([expect.stringContaining(reason)]);
  });

  it.each([
    ['VM as client', 'vm-to-host'],
    ['VM to host', 'vm-to-host'],
    ['VM as server', 'host-to-vm'],
    ['Host to VM', 'host-to-vm'],
  ])('sets up the ends that the heading says: %s', (heading, topology) => {
    const note = `# ${heading}\n${block('iperf3 -c 10.0.0.1 -t 30')}\n${block(bulkHead, bulkRow)}`;
    const { yaml, impossible } = experimentOf(note);
    expect(parse(yaml ?? '')).toMatchObject({ topology });
    expect(impossible).toEqual([]);
  });

  it('says that it chose the ends where the note does not say them', () => {
    const { yaml, assumed } = experimentOf(
      `# Figures\n${block('iperf3 -c 10.0.0.1 -t 30')}\n${block(bulkHead, bulkRow)}`,
    );
    expect(parse(yaml ?? '')).toMatchObject({ topology: 'vm-to-host' });
    expect(assumed.join('\n')).toContain('vm-to-host, as the note does not say which end is the client');
  });

  it.each([
    ['iperf -c 10.0.0.1', ['[  3]  0.0-10.0 sec  14.0 MBytes  11.3 Mbits/sec'], 'iperf 2 is not supported'],
    ['iperf3 -c 10.0.0.1 --bidir', [bulkHead, bulkRow], 'both directions at once: a note has the figure of each'],
    ['sockperf playback -i 10.0.0.1 --data-file a', requests, 'playback is not supported'],
    [
      'strace -c -p 12',
      ['100.00    0.000060          10         6           read'],
      'the note does not say what ran while the calls were counted',
    ],
  ])('refuses to do something else than the note: %s', (command, output, reason) => {
    const { yaml, impossible } = experimentOf(`# VM as client\n${block(`$ ${command}`, ...output)}`);
    expect(yaml).toBeNull();
    expect(impossible).toEqual([expect.stringContaining(reason)]);
  });

  it("sets up what the VMM's command line says", () => {
    const qemu = 'qemu-system-x86_64 -machine q35 -m 1G -smp 2 -netdev tap,id=n,vhost=on,queues=2';
    const { yaml } = experimentOf(
      bulkNote('VM as client', 'iperf3 -c 10.0.0.1 -t 30').replace('# host', `${qemu}\n# host`),
    );
    expect(parse(yaml ?? '')).toMatchObject({
      vmm: { kind: 'qemu', vcpus: 2, memory: '1024MiB', options: { machine: 'q35' } },
      nic: { vhost: true, queues: 2 },
    });
  });

  it('has a ceiling where the report has one, paired with it', () => {
    const report = readFileSync(join(import.meta.dirname, '../../../test/golden/ceiling/report.md'), 'utf8');
    const { yaml, pairs, impossible } = experimentOf(report);
    expect(parse(yaml ?? '')).toMatchObject({ topology: 'vm-to-host', ceiling: true, workloads: [{}, {}] });
    expect(pairs).toEqual(
      ['iperf3', 'sockperf']
        .flatMap((noted) =>
          [false, true].map((isCeiling) => ({
            configuration: isCeiling ? 'ceiling' : 'qemu',
            noted,
            again: { configuration: 'default', workload: noted },
            isCeiling,
          })),
        )
        .toSorted((a, b) => Number(a.isCeiling) - Number(b.isCeiling)),
    );
    expect(impossible).toEqual([]);
  });

  it('says what it chose where the note says nothing', () => {
    const { yaml, assumed } = experimentOf(`## VM as client\n${block(...requests)}\n`);
    expect(parse(yaml ?? '')).toMatchObject({ workloads: [{ messageBytes: 64, duration: '30s' }] });
    expect(assumed.join('\n')).toMatch(/does not say for how long/);
    expect(yaml).toMatch(/^# Assumed: .*64 bytes a message/m);
  });

  it('keeps what a note holds out of the comments of its YAML', () => {
    const note = bulkNote('VM as client \u0007evil: [x]', 'iperf3 -c 10.0.0.1 -t 30');
    const { yaml } = experimentOf(note);
    expect(yaml?.split('\n').every((line) => !line.includes('\u0007'))).toBe(true);
    expect(parse(yaml ?? '')).not.toHaveProperty('evil');
  });
});
