import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNote } from './read-note.ts';

/** Made-up notes after what people paste; each stands for a kind that was misread. */
const folder = join(import.meta.dirname, '../../test/fixtures/lab-note-cases');

function read(name: string): ReturnType<typeof readNote> {
  return readNote(readFileSync(join(folder, `${name}.md`), 'utf8'));
}

function callsOf(name: string): string[] {
  return read(name).sections.flatMap(({ commands }) => commands.map(({ argv }) => argv.join(' ')));
}

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
  ])('finds the calls of %s', (name, calls) => {
    expect(callsOf(name)).toEqual(calls);
  });

  it.each([
    ['vm-and-vm', ['vm-to-vm']],
    ['two-processes-two-maps', ['vm-to-vm', 'vm-to-vm', 'vm-to-vm']],
    ['tracer-map-full', ['vm-to-host']],
  ])('takes the ends of %s from its headings', (name, ends) => {
    expect(read(name).sections.map(({ topology }) => topology)).toEqual(ends);
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
