import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WholeMeasurement } from '../../record/measurement.ts';
import { runEnd, runHeader } from '../../record/run.ts';
import { wholeTrial } from '../../record/trial.ts';
import { readNote } from '../read-note.ts';
import type { RoleOf } from './calls-reading.ts';
import { type NoteRecord, noteRecord } from './note-record.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'test/fixtures/lab-note');
const fixtures = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name !== 'README.md' && each.name !== 'readings.txt')
  .map((each) => ({
    name: join(each.parentPath.slice(folder.length + 1), each.name),
    text: readFileSync(join(each.parentPath, each.name), 'utf8'),
  }));
const vmClient = fixtures.find(({ name }) => name.endsWith('vm-client.md'))?.text ?? '';

const threads = [
  [/^firecracker$/, 'vmm', 'firecracker'],
  [/^fc_vcpu \d+$/, 'vcpu', 'firecracker'],
  [/^qemu-system-x86$/, 'vmm', 'qemu'],
  [/^CPU \d+\/(?:KVM|TCG)$/, 'vcpu', 'qemu'],
] as const;
const roleOf: RoleOf = (name) => {
  const found = threads.find(([pattern]) => pattern.test(name));
  return found === undefined ? null : { role: found[1], vmm: found[2] };
};

function recordOf(text: string): NoteRecord {
  const origin = { file: 'a note.md', sha256: '00', readAt: '2026-01-01T00:00:00.000Z', runId: 'note', roleOf };
  return noteRecord(readNote(text), origin);
}

/** Parsed by the schemas of what is stored. */
function checkedRecord(text: string): NoteRecord {
  const { header, trials, ends } = recordOf(text);
  return {
    header: runHeader.parse(header),
    trials: trials.map((each) => wholeTrial.parse(each)),
    ends: ends.map((each) => runEnd.parse(each)),
  };
}

function measurementsOf({ trials }: NoteRecord): WholeMeasurement[] {
  return trials.flatMap(({ measurements }) => measurements);
}

function leftOutOf({ header: { source } }: NoteRecord): string[] {
  return source.kind === 'lab-note' ? source.leftOut.map(({ line, what }) => `${String(line)} ${what}`) : [];
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\`\n`;
}

const iperf3 = '[SUM]   0.00-30.00  sec  57.2 GBytes  16.4 Gbits/sec                  receiver';
const sockperf = 'sockperf: ====> avg-latency=74.383 (std-dev=15.718)\nsockperf: ---> percentile 50.000 =   70.909';
const calls = '@total[firecracker, read]: 10\n@total[fc_vcpu 0, ioctl KVM_RUN]: 7';

describe('the lab note as a record', () => {
  const record = checkedRecord(vmClient);
  const [bulk, requests] = measurementsOf(record);

  it('takes the side of the client for the topology where only an outer heading says the opposite', () => {
    const transfer = '[  5]   0.00-10.00  sec  14.4 GBytes  12.4 Gbits/sec                  receiver';
    const run = fenced(`# vm\niperf3 -s\n# host\niperf3 -c a\n${transfer}`);
    const topologies = (text: string) => recordOf(text).header.experiment.configurations.map((each) => each.topology);
    const outer = `# VM as client\n## The other way\n${run}`;
    expect(topologies(outer)).toEqual(['host-to-vm']);
    expect(leftOutOf(recordOf(outer))).toContain('2 heading that says vm-to-host');
    const own = `# VM as client\n${run}`;
    expect(topologies(own)).toEqual(['vm-to-host']);
    expect(leftOutOf(recordOf(own))).toContain("6 side of a client's command: host");
  });

  it('leaves counts out that stand below several outputs, as they may be of one or of all', () => {
    const transfer = '[  5]   0.00-10.00  sec  14.4 GBytes  12.4 Gbits/sec                  receiver';
    const map = '@total[firecracker, writev]: 900000';
    const repeated = recordOf(`# VM as client\n${fenced(transfer)}\n${fenced(transfer)}\n## Syscalls\n${fenced(map)}`);
    expect(measurementsOf(repeated).map(({ systemCalls }) => systemCalls)).toEqual([null, null]);
    expect(leftOutOf(repeated)).toEqual(['12 counts of bpftrace']);
    expect(repeated.header.experiment.configurations.map(({ vmm }) => vmm.kind)).toEqual(['firecracker']);
    const inTurns = [transfer, map, transfer, map].map(fenced).join('\n');
    expect(measurementsOf(recordOf(inTurns)).every(({ systemCalls }) => systemCalls !== null)).toBe(true);
  });

  it('takes tables of strace for all calls, unless its command names some', () => {
    const table =
      '% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3      6000           write\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3      6000           total';
    const only = (command: string) =>
      measurementsOf(recordOf(`# VM as client\n${fenced(iperf3)}\n${fenced(`${command}${table}`)}`))[0]?.systemCalls
        ?.onlyCalls;
    expect(only('')).toBeNull();
    expect(only('$ strace -c -p 1\n')).toBeNull();
    expect(only('$ strace -c -e write,read -p 1\n')).toEqual(['read', 'write']);
  });

  it('names configurations by settings, not by quantities of the work', () => {
    const names = (...headings: string[]) =>
      recordOf(headings.map((each) => `# ${each}\n${fenced(iperf3)}`).join('\n')).header.experiment.configurations.map(
        ({ name }) => name,
      );
    expect(names('VM as client, vhost=on', 'VM as client, vhost=off')).toEqual(['vhost=on', 'vhost=off']);
    expect(names('VM as client, streams 4', 'VM as client, streams: 8')).toEqual(['vm-to-host']);
  });

  it('leaves out the calls of the measuring tool itself, which are no cost of the VMM', () => {
    const transfer = '[  5]   0.00-10.00  sec  14.4 GBytes  12.4 Gbits/sec                  receiver';
    const table =
      '% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3      6000           write\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000018           3      6000           total';
    const own = recordOf(`# VM as client\n${fenced(`vm$ strace -f -c iperf3 -c a -P 2\n${transfer}\n${table}`)}`);
    const [measurement] = measurementsOf(own);
    expect([measurement?.systemCalls, measurement?.spec]).toMatchObject([null, { streams: 2 }]);
    expect(leftOutOf(own).join()).toContain('calls of the measuring tool');
    const attached = `host$ strace -f -c -p 17\nvm$ iperf3 -c a\n${transfer}\n${table}`;
    expect(measurementsOf(recordOf(`# VM as client\n${fenced(attached)}`))[0]?.systemCalls).not.toBeNull();
    const maps = '@[iperf3, write]: 70\n@[firecracker, writev]: 500';
    const both = measurementsOf(recordOf(`# VM as client\n${fenced(`${transfer}\n\n${maps}`)}`))[0];
    expect(both?.systemCalls?.threads.map(({ name }) => name)).toEqual(['firecracker']);
  });

  it('has no VMM and asks for none on bare metal, whatever the title names', () => {
    const record = recordOf(`# Firecracker\n## Bare metal\n${fenced(iperf3)}`);
    const [configuration] = record.header.experiment.configurations;
    expect([configuration?.topology, configuration?.vmm.kind]).toEqual(['host-to-host', null]);
    expect(record.trials[0]?.notSaid['configuration.vmm.kind']).toBe('no guest is on this path');
  });

  it('is one configuration with one trial and two measurements', () => {
    const { configurations, boots } = record.header.experiment;
    expect(configurations.map(({ name, topology, vmm }) => [name, topology, vmm.kind])).toEqual([
      ['firecracker', 'vm-to-host', 'firecracker'],
    ]);
    expect([boots, record.header.plan.length]).toEqual([1, 1]);
    expect(measurementsOf(record).map(({ workload, spec }) => [workload, spec.kind, spec.durationNs])).toEqual([
      ['iperf3', 'iperf3', 30e9],
      ['sockperf', 'sockperf', 30e9],
    ]);
    expect(leftOutOf(record)).toEqual([]);
  });

  it('has 16.4 Gbit/s and each stream, with half a unit of the last digit', () => {
    expect(bulk?.throughput).toMatchObject({
      protocol: 'tcp',
      bitsPerSecond: 16.4e9,
      durationNs: 30e9,
      retransmits: 0,
    });
    expect(bulk?.throughput?.streams.map(({ bitsPerSecond }) => bitsPerSecond)).toEqual([
      4.12e9, 4.1e9, 4.09e9, 4.07e9,
    ]);
    expect(bulk?.noted).toMatchObject({
      section: ['Throughput', 'VM as client sending bulk data to a host'],
      rounding: { 'throughput.bitsPerSecond': 0.05e9, 'throughput.streams.3.bitsPerSecond': 0.005e9 },
    });
  });

  it('has half and whole round trips with every percentile and spread figure', () => {
    expect(requests?.latency?.halfRoundTripNs).toEqual({
      mean: 74_383,
      stddev: 15_718,
      min: 39_925,
      max: 385_178,
      p25: 68_501,
      p50: 70_909,
      p75: 76_258,
      p90: 84_220,
      p99: 129_705,
      p999: 264_171,
      p9999: 313_233,
      p99999: 343_253,
    });
    expect(requests?.latency?.roundTripNs.p50).toBe(141_818);
    expect(requests?.latency?.spread).toMatchObject({
      standardErrorNs: 35,
      confidence99Ns: { low: 74_292, high: 74_474 },
    });
    expect(requests?.latency).toMatchObject({
      messages: 198_352,
      messageBytes: 64,
      mode: 'ping-pong',
      protocol: 'udp',
    });
    expect(requests?.noted?.rounding).toMatchObject({
      'latency.roundTripNs.p50': 1,
      'latency.spread.standardErrorNs': 0.5,
    });
  });

  it('has six totals of system calls, traced in the window itself, with the work to divide them by', () => {
    const told = measurementsOf(record).map(({ systemCalls }) => [
      systemCalls?.mode,
      systemCalls?.messages,
      systemCalls?.onlyCalls,
      ...(systemCalls?.threads.map(({ name, role, calls: own }) => [name, role, own.map(({ count }) => count)]) ?? []),
    ]);
    expect(told).toEqual([
      ['inline', null, ['read', 'write'], ['fc_vcpu 0', 'vcpu', [15_664]], ['firecracker', 'vmm', [27_836, 35_355]]],
      ['inline', 198_352, ['read', 'write'], ['fc_vcpu 0', 'vcpu', [1644]], ['firecracker', 'vmm', [207_161, 402_018]]],
    ]);
  });

  it('says why each field of a trial is null', () => {
    const [trial] = record.trials;
    expect(trial?.notSaid).toMatchObject({ window: 'a lab note has no clock readings' });
    for (const field of ['vmm', 'guest', 'path', 'startedAt', 'consoleBytes', 'configuration.nic'])
      expect(trial?.notSaid[field]).toBeTypeOf('string');
  });
});

describe('a note', () => {
  it('has a configuration for each VMM that its headings name, and a boot for each that they number', () => {
    const part = (vmm: string, boot: number): string =>
      `# ${vmm}\n## Throughput, boot ${String(boot)}\n${fenced(iperf3)}## Latency, boot ${String(boot)}\n${fenced(sockperf)}`;
    const record = checkedRecord([part('Firecracker', 1), part('QEMU', 1), part('Firecracker', 2)].join('\n'));
    expect(
      record.trials.map(({ configuration, boot, measurements }) => [configuration.name, boot, measurements.length]),
    ).toEqual(
      [
        ['firecracker', 1, 2],
        ['qemu', 1, 2],
        ['firecracker', 2, 2],
      ].map(([name, ...rest]) => [name === 'qemu' ? 'QEMU' : 'Firecracker', ...rest]),
    );
  });

  it('has a measurement for each output of a section, as nobody says that they were fresh boots', () => {
    const record = checkedRecord(`# Throughput\n${fenced(iperf3)}${fenced(iperf3)}${fenced(iperf3)}`);
    expect(record.trials).toHaveLength(1);
    expect(measurementsOf(record).map(({ workload }) => workload)).toEqual(['iperf3', 'iperf3 (2)', 'iperf3 (3)']);
  });

  it('fills in what a shown command leaves to its tool, and leaves the rest null', () => {
    const command = '```bash\n# vm\niperf3 -c 10.0.0.1 -uR -b10M -P2\n```\n';
    const [told] = measurementsOf(checkedRecord(command + fenced(iperf3)));
    const [untold] = measurementsOf(checkedRecord(fenced(iperf3)));
    expect(told?.spec).toMatchObject({ durationNs: 10e9, protocol: 'udp', streams: 2, targetBitsPerSecond: 20e6 });
    expect(untold?.spec).toMatchObject({ durationNs: null, streams: null, direction: null });
    const [shown] = measurementsOf(checkedRecord(command.replace('-uR -b10M', '-R') + fenced(iperf3)));
    expect(shown?.spec).toMatchObject({ durationNs: 10e9, protocol: 'tcp', streams: 2, direction: 'download' });
  });

  it('lists what is in no figure, with lines and reasons, and what was left empty', () => {
    const record = checkedRecord(`# Notes\n${fenced('what is this')}${fenced('')}${fenced('@x[1]:\n[0]  3 |@@|')}`);
    expect(leftOutOf(record)).toEqual(['3 what is this', expect.stringContaining('bpftrace')]);
    expect(record.header.source).toMatchObject({ notRecorded: [5], lineCount: 12 });
    expect(record.header.experiment.configurations).toHaveLength(1);
  });

  it('gives the requests of ioctl back, and tells running the guest from work', () => {
    const [one] = measurementsOf(checkedRecord(`# Latency\n${fenced(sockperf)}## Syscalls\n${fenced(calls)}`));
    expect(one?.systemCalls?.threads.flatMap((thread) => thread.calls)).toEqual([
      { name: 'read', request: null, kind: 'work', count: 10, timeNs: null },
      { name: 'ioctl', request: 'KVM_RUN', kind: 'run', count: 7, timeNs: null },
    ]);
    expect(one?.systemCalls?.mode).toBeNull();
  });

  it("takes the sender's rate where nobody says what arrived, and says so", () => {
    const sender = iperf3.replace('                receiver', '    0             sender');
    const record = checkedRecord(fenced(sender));
    expect(measurementsOf(record)[0]?.throughput).toMatchObject({ bitsPerSecond: 16.4e9, bytes: null });
    expect(record.trials[0]?.notSaid['iperf3: throughput.receiver']).toContain("sender's");
  });
});

describe('an Exact: line', () => {
  const exact = (words: string): NoteRecord => checkedRecord(`# Throughput\n${fenced(iperf3)}\nExact: \`${words}\`\n`);

  it('overrules the rounded figures that it agrees with', () => {
    const [one] = measurementsOf(exact('bitsPerSecond=16400000123.5 throughput.bytes=61418032333 durationNs=null'));
    expect(one?.throughput).toMatchObject({ bitsPerSecond: 16_400_000_123.5, bytes: 61_418_032_333, durationNs: 30e9 });
    expect(Object.keys(one?.noted?.rounding ?? {})).not.toContain('throughput.bitsPerSecond');
    expect(Object.keys(one?.noted?.rounding ?? {})).toContain('throughput.durationNs');
  });

  it('is listed where it contradicts the text, or is no figure, and changes nothing', () => {
    const record = exact('bitsPerSecond=17e9 throughput.__proto__.x=1 protocol=5 bytes=-1 streams.7.bytes=1');
    expect(measurementsOf(record)[0]?.throughput).toMatchObject({ bitsPerSecond: 16.4e9, protocol: null });
    expect(leftOutOf(record)).toHaveLength(5);
  });
});

describe('a report of tapbench', () => {
  it.each(['one-boot', 'four-boots'])('%s comes back with its boots, names and exact figures', (name) => {
    const record = checkedRecord(readFileSync(join(root, 'test/golden', name, 'report.md'), 'utf8'));
    expect(record.trials.map(({ boot }) => boot)).toEqual(name === 'one-boot' ? [1] : [1, 2, 3]);
    expect(new Set(record.trials.map(({ configuration }) => configuration.name))).toEqual(new Set(['qemu']));
    const all = measurementsOf(record);
    expect(all.map(({ workload }) => workload).slice(0, 2)).toEqual(['iperf3', 'sockperf']);
    expect(all.map(({ systemCalls }) => systemCalls?.mode)).toEqual(all.map(() => 'separate'));
    for (const { throughput, noted } of all)
      if (throughput !== null) expect(noted?.rounding['throughput.bitsPerSecond']).toBeUndefined();
  });
});

/** Every number of the figures of a record. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function figuresIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('halfUnit' in value && 'value' in value && typeof value.value === 'number') return [value.value];
  return Object.values(value).flatMap(figuresIn);
}

/** Numbers that stand in the text: as figures of the reader, or as whole numbers (exact figures, ids of streams, sizes in commands). */
function isInText(text: string): (value: number) => boolean {
  const figures = new Set(readNote(text).sections.flatMap(({ readings }) => figuresIn(readings)));
  const words = new Set([...text.matchAll(/\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)].map(([digits]) => Number(digits)));
  return (value) => [1, 2, 0.5].some((scale) => figures.has(value / scale) || words.has(value / scale));
}

/** A place in the list of streams stands for the id of one that has none; sockperf has a default size. */
const known = new Set([0, 1, 2, 3, 14]);

describe('every output of a real tool', () => {
  it.each(fixtures)(
    '$name becomes records that fit the schemas, with no figure that is not in it',
    ({ name, text }) => {
      const note = name.endsWith('.md') ? text : fenced(text);
      const isThere = isInText(note);
      for (const { throughput, latency } of measurementsOf(checkedRecord(note))) {
        const absent = numbersIn([throughput, latency]).filter((value) => !isThere(value) && !known.has(value));
        expect(absent).toEqual([]);
      }
    },
  );
});

describe('a damaged note', () => {
  const reports = ['one-boot', 'hostile'].map((name) =>
    readFileSync(join(root, 'test/golden', name, 'report.md'), 'utf8'),
  );
  const seeds = [vmClient, ...reports, ...fixtures.map(({ text }) => `# A\n${fenced(text)}`)];
  const odd = [
    '',
    '-',
    '9'.repeat(30),
    '1e999',
    '```',
    '# ',
    '[SUM]',
    '@[',
    'NaN',
    '\u0000',
    'boot 0',
    '-t 0',
    '-P 99999999999',
  ];

  it('still becomes records that fit the schemas, with figures of the text only', () => {
    const piece = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(30),
      put: fc.constantFrom(...odd),
    });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(piece, { minLength: 1, maxLength: 6 }), (seed, pieces) => {
        let text = seed;
        for (const { at, removed, put } of pieces) {
          const place = Math.floor(at * text.length);
          text = text.slice(0, place) + put + text.slice(place + removed);
        }
        const isThere = isInText(text);
        for (const { throughput, latency } of measurementsOf(checkedRecord(text))) {
          expect(numbersIn([throughput, latency]).filter((value) => !isThere(value) && !known.has(value))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
