import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runOfCase } from '../../test/sample/case-record.ts';
import { readNote } from './read-note.ts';

/** Made-up notes after what people paste; each stands for a kind that was misread. */
const folder = join(import.meta.dirname, '../../test/fixtures/lab-note-cases');

function read(name: string): ReturnType<typeof readNote> {
  return readNote(readFileSync(join(folder, `${name}.md`), 'utf8'));
}

function callsOf(name: string): string[] {
  return read(name).sections.flatMap(({ commands }) => commands.map(({ argv }) => argv.join(' ')));
}

/** `iperf3 8.59e9 sender 7`, `sockperf p50 48000`, `bpftrace read 3000`: what the readings of a case say. */
function figuresOf(name: string): string[] {
  const readings = read(name).sections.flatMap((section) => section.readings);
  return readings.flatMap(({ tool, ...reading }) => {
    if (reading.kind === 'transfer')
      return reading.value.totals.map(({ end, bitsPerSecond, datagrams, retransmits }) =>
        [tool.name, bitsPerSecond?.value, end, retransmits?.value, datagrams?.lost?.value]
          .map((each) => each ?? '-')
          .join(' '),
      );
    if (reading.kind === 'latency')
      return reading.value.percentiles.map(
        ({ percent, ns }) => `${tool.name} p${String(percent.value)} ${String(ns.value)}`,
      );
    if (reading.kind === 'bpf-maps')
      return reading.value.prints.flatMap(({ maps }) =>
        maps.flatMap(({ entries }) =>
          entries.map(({ key, value }) => `${tool.name} ${key.join()} ${String(value.value)}`),
        ),
      );
    return [tool.name];
  });
}

function unreadOf(name: string): number[] {
  return read(name).sections.flatMap(({ notUnderstood }) => notUnderstood.map(({ line }) => line));
}

const sender = 'iperf3 8590000000 sender 7 -';
const receiver = 'iperf3 8580000000 receiver - -';

describe('what people and their programs do to an output', () => {
  it.each([
    [
      'output-in-comments',
      [
        'bpftrace tracepoint:syscalls:sys_enter_read 3000',
        'bpftrace tracepoint:syscalls:sys_enter_write 1000',
        sender,
        receiver,
      ],
      [6],
    ],
    ['remarks-behind-lines', ['sockperf p99 71500', 'sockperf p50 48000'], []],
    ['rows-wrapped-by-mail', [sender, receiver], []],
    ['totals-under-captions', ['iperf3 8590000000 sender - -', 'iperf3 8580000000 receiver - -'], []],
    ['quotes-of-a-word-processor', [sender, receiver], []],
    ['mail-as-it-was-sent', ['sockperf p99 33300', 'sockperf p50 26700'], []],
    ['tags-of-a-forum', ['iperf 5730000000 - - -', 'iperf 5730000000 - - -'], []],
    ['character-references', ['iperf3 1060000000 - - 135795'], []],
    ['pre-in-a-quote', ['sockperf p50 48000'], []],
    ['json-in-a-string', ['iperf3 8589934592 sender 7 -', 'iperf3 8580800000 receiver - -'], [3]],
    ['json-list-of-lines', [sender, receiver], [2]],
    [
      'runs-with-words-between',
      ['iperf3 100000000 - - 0', 'iperf3 1000000000 - - 12', 'iperf3 1200000000 - - 95000'],
      [1, 5],
    ],
  ])('keeps no figure of %s from being read', (name, figures, unread) => {
    expect(figuresOf(name)).toEqual(figures);
    expect(unreadOf(name)).toEqual(unread);
  });
});

describe('the cases of other people', () => {
  it.each(readdirSync(folder).filter((file) => file.startsWith('prompt-')))(
    'finds the call whatever stands before it: %s',
    (file) => {
      expect(callsOf(file.replace('.md', ''))).toEqual(['iperf3 -c 10.0.0.2 -t 10']);
    },
  );

  it.each([
    ['command-in-prose', ['sockperf pp -i 10.0.0.2 -t 30']],
    ['command-unfenced-download', ['./iperf3 -t20 -c 10.0.0.2 -R']],
    ['command-taken-for-heading', ['iperf3 -c 10.0.0.2 -t 10']],
    ['iperf2-client-then-server', ['iperf -c 10.0.0.2', 'iperf -s']],
    ['iperf2-unfenced-two-runs', ['iperf -u -c 10.0.0.2 -b 686M -t 10', 'iperf -u -c 10.0.0.2 -b 633M -t 10']],
    ['output-in-bash-fence', ['sockperf ping-pong -i 10.0.0.2 -t 20']],
    ['calls-in-sentences', ['iperf3 -s', 'iperf3 -c 10.0.0.1 -t 10']],
    ['calls-with-placeholders', ['iperf3 -c <server-ip> -t 30 -P 4', 'sockperf pp -i <IP of the VM> --tcp']],
    ['character-references', ['iperf3 -u -c 10.0.0.2 -b 2G', 'echo done']],
    ['mail-as-it-was-sent', ['sockperf ping-pong -i 10.0.0.9 --tcp -m 100 --mps=max -t 20']],
    ['tags-of-a-forum', ['iperf -s -w 1M', 'iperf -c 10.0.0.2 -w 1024k -t 60']],
    ['command-behind-fence', ['iperf3 -s', 'iperf3 -c 10.0.0.2']],
    ['remarks-behind-tabs', ['iperf -c 10.0.0.2 -r', 'iperf -c 10.0.0.2 -d']],
    ['perf-stat-around-iperf', ['iperf -c -P2 -w600K', 'iperf -c 10.0.0.2 -P2 -w600K']],
  ])('finds the calls of %s', (name, calls) => {
    expect(callsOf(name)).toEqual(calls);
  });

  it.each([
    ['vm-and-vm', ['vm-to-vm']],
    ['two-processes-two-maps', ['vm-to-vm', 'vm-to-vm', 'vm-to-vm']],
    ['tracer-map-full', ['vm-to-host']],
    ['sent-by-a-vm', ['vm-to-vm']],
  ])('takes the ends of %s from its headings', (name, ends) => {
    expect(read(name).sections.map(({ topology }) => topology)).toEqual(ends);
  });

  it('takes the ends from words directly above an output', () => {
    const readings = read('words-above-blocks').sections.flatMap((section) => section.readings);
    expect(readings.map(({ topology = null }) => topology)).toEqual(['vm-to-vm', 'host-to-vm', 'host-to-vm', null]);
  });

  it('takes the side of a command from its heading, or from where the same command ran', () => {
    const commands = read('sides-in-headings').sections.flatMap((section) => section.commands);
    expect(commands.map(({ argv, side }) => [argv[1], side?.place])).toEqual([
      ['-s', 'guest'],
      ['-c', 'host'],
      ['-c', 'host'],
    ]);
    expect(runOfCase('sides-in-headings').trials.map(({ configuration }) => configuration.topology)).toEqual([
      'host-to-vm',
    ]);
  });

  it.each([
    ['iperf2-behind-odd-prompt', ['iperf']],
    ['iperf2-client-then-server', ['iperf', 'iperf']],
    ['tracer-only-strace', ['strace']],
    ['calls-too-few-for-messages', ['sockperf', 'bpftrace']],
  ])('knows the tools of %s', (name, tools) => {
    const readings = read(name).sections.flatMap((section) => section.readings);
    expect(readings.map(({ tool }) => tool.name)).toEqual(tools);
  });

  it('takes no total from a single interval', () => {
    const [reading] = read('one-interval-is-no-total').sections.flatMap(({ readings }) => readings);
    expect(reading).toMatchObject({ kind: 'transfer', value: { totals: [], intervals: [{ stream: '5' }] } });
  });

  it('takes no total from a row that is as long as the intervals that its command asks for', () => {
    expect(figuresOf('first-interval-by-its-command')).toEqual(['iperf 1090000000 - - -']);
  });

  it('gives no output the command that another one stands right below', () => {
    const measurements = runOfCase('output-without-its-command').trials.flatMap((trial) => trial.measurements);
    expect(measurements.map(({ commands }) => commands.client?.argv.at(-1) ?? null)).toEqual(['10', null, '12', null]);
  });

  it('lists rows of figures whose unit stands in their heading, or in none', () => {
    expect(unreadOf('figures-without-their-unit')).toEqual([3, 4, 13, 15, 22, 23]);
  });

  it('lists columns of figures in running text, and figures behind their unit', () => {
    expect(unreadOf('columns-in-running-text')).toEqual([3, 4, 7, 8, 12]);
  });

  it('knows the ends in other languages', () => {
    const ends = runOfCase('ends-in-other-languages').trials.map(({ configuration }) => configuration.topology);
    expect(new Set(ends)).toEqual(new Set(['vm-to-host', 'host-to-vm']));
    const said = read('ends-in-other-languages').sections.map(({ commands, readings }) => [
      ...readings.flatMap(({ topology }) => topology ?? []),
      ...commands.map(({ side }) => side?.place),
    ]);
    expect(said).toEqual([['host', 'guest'], ['host-to-vm'], ['vm-to-host'], ['host-to-vm'], ['host', 'guest']]);
  });

  it('lists what a person wrote by hand, line by line', () => {
    const lines = read('figures-by-hand-in-bash-fence').sections.flatMap(({ notUnderstood }) => notUnderstood);
    expect(lines.map(({ line }) => line)).toEqual([3, 7, 8]);
  });

  it('knows a map that was full as a part of the counts', () => {
    const readings = read('tracer-map-full').sections.flatMap((section) => section.readings);
    expect(readings.find(({ kind }) => kind === 'bpf-maps')).toMatchObject({ value: { isIncomplete: true } });
  });

  it('keeps the calls of the VMMs', () => {
    expect(callsOf('two-vmms-by-command').map((call) => call.split(' ')[0])).toEqual([
      'qemu-system-x86_64',
      'cloud-hypervisor',
    ]);
  });
});
