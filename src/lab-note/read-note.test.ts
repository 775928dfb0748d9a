import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNote } from './read-note.ts';

const text = readFileSync(join(import.meta.dirname, '../../test/fixtures/lab-note/note/vm-client.md'), 'utf8');
const lines = text.split('\n');

describe('a lab note', () => {
  it.each([
    ['failures', `\`\`\`\n${'iperf3: error - unable to connect\n'.repeat(250_000)}\`\`\`\n`],
    [
      'lines of one document',
      `\`\`\`\n{"start": {"version": "iperf 3.12"}, "intervals": [${'1,\n'.repeat(250_000)}1], "end": {}}\n\`\`\`\n`,
    ],
    ['lines of one map', `\`\`\`\n{"type": "map", "data": {"@a": ${'\n'.repeat(250_000)}{"b": 1}}}\n\`\`\`\n`],
  ])('may have more %s than a call takes arguments', (_what, text) => {
    expect(() => readNote(text)).not.toThrow();
  });

  it('is read by sections, with topology, commands by side and readings', () => {
    const { sections } = readNote(text);
    expect(
      sections.map(({ path, topology, readings }) => [path.at(-1), topology, readings.map(({ kind }) => kind)]),
    ).toEqual([
      ['VM as client sending bulk data to a host', 'vm-to-host', ['transfer']],
      ['Syscalls', 'vm-to-host', ['bpf-maps']],
      ['VM as client sending small requests to a host', 'vm-to-host', ['latency']],
      ['Syscalls', 'vm-to-host', ['bpf-maps']],
    ]);
    expect(sections[0]?.commands.map(({ program, side }) => [program, side?.place])).toEqual([
      ['bpftrace.sh', 'host'],
      ['iperf3', 'host'],
      ['iperf3', 'guest'],
    ]);
    expect(sections.flatMap(({ notUnderstood }) => notUnderstood)).toEqual([]);
  });

  it('has every figure on the line of the note where it stands', () => {
    const { sections } = readNote(text);
    const reading = sections[0]?.readings[0];
    const total =
      reading?.kind === 'transfer' ? reading.value.totals.find(({ isSum, end }) => isSum && end === 'receiver') : null;
    expect(total?.bitsPerSecond).toMatchObject({ value: 16.4e9 });
    expect(lines[(total?.line ?? 0) - 1]).toContain('[SUM]');
    expect(lines[(total?.bitsPerSecond?.line ?? 0) - 1]).toContain(total?.bitsPerSecond?.text);
  });

  it('lists what was left empty and what is not understood, with lines, and leaves prose alone', () => {
    const note = '# A\n\nIt was fast.\n\n```\n```\n\n```\nwhat is this\n```\n';
    expect(readNote(note).sections).toEqual([
      {
        path: ['A'],
        line: 1,
        topology: null,
        otherHeading: null,
        commands: [],
        readings: [],
        notRecorded: [5],
        notUnderstood: [{ line: 9, text: 'what is this' }],
        parts: [],
        exact: [],
        counted: [],
      },
    ]);
  });

  it('is of the ends that the words before its first block say, also a paragraph further up; behind an output only the last ones count', () => {
    const row = '[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec                  receiver';
    const output = `\`\`\`\n${row}\n\`\`\``;
    const note = `# A\n\nRunning iperf3 on the host, testing the VM.\n\nAll of it on one laptop.\n\n${output}\n\nThat was host to VM.\n\nAnd once more:\n\n${output}\n`;
    const readings = readNote(note).sections.flatMap((section) => section.readings);
    expect(readings.map(({ topology }) => topology)).toEqual(['host-to-vm', undefined]);
  });
});

describe('the paragraph right behind an output', () => {
  const block = ['```', '[  3]  0.0-10.0 sec   300 MBytes   252 Mbits/sec', '```'];
  const saidBy = (...behind: readonly string[]) =>
    readNote(['# iperf', '', 'It prints:', '', ...block, '', ...behind].join('\n')).sections[0]?.readings[0]?.topology;

  it('says of its ends what looks back at it', () => {
    expect(saidBy('Look at the rate. In the example above, hm: this was measured between two VMs on one host.')).toBe(
      'vm-to-vm',
    );
    expect(saidBy('Im gezeigten Beispiel wurde zwischen zwei virtuellen Maschinen gemessen.')).toBe('vm-to-vm');
  });

  it('says nothing of them where it may speak of another run', () => {
    expect(saidBy('Between two VMs it is slower.')).toBeUndefined();
    expect(saidBy('Fine.', '', 'This was measured between two VMs.')).toBeUndefined();
  });
});
