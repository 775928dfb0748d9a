import { describe, expect, it } from 'vitest';
import { figuresInProse } from './prose-figures.ts';
import { readNote } from './read-note.ts';

function linesOf(text: string): number[] {
  return figuresInProse(text.split('\n').map((line, place) => ({ line: place + 1, text: line }))).map(
    ({ line }) => line,
  );
}

describe('figures in running text', () => {
  it.each(['The VM reached 16.4 Gbit/s.', 'p99 was 45 us', 'about 12,3 Gbps', '900 MB/s', '2,000 packets/s', '3 µs'])(
    'are told by their unit: %s',
    (text) => {
      expect(linesOf(text)).toEqual([1]);
    },
  );

  it.each(['It was fast.', 'Debian 12, kernel 6.1, 2 vCPUs, 2 GiB', 'Run 3 of 4', 'see `ip link`', 'Ubuntu 22.04 LTS'])(
    'are not any number: %s',
    (text) => {
      expect(linesOf(text)).toEqual([]);
    },
  );

  it('are the rows of a table whose heading has the unit', () => {
    expect(
      linesOf('| setup | Gbit/s |\n|---|---|\n| VM | 16.4 |\n| host | 35 |\n\n| name | cores |\n|---|---|\n| a | 2 |'),
    ).toEqual([3, 4]);
  });

  it('are listed with the line of the note, unless the note is a report of tapbench', () => {
    const note = '# A\n\n| a | Gbit/s |\n|---|---|\n| VM | 16.4 |\n';
    expect(readNote(note).sections.flatMap(({ notUnderstood }) => notUnderstood)).toEqual([
      { line: 5, text: '| VM | 16.4 |' },
    ]);
    const report = `${note}\n\`\`\`tapbench-exact\nrounding {}\n\`\`\`\n`;
    expect(readNote(report).sections.flatMap(({ notUnderstood }) => notUnderstood)).not.toContainEqual({
      line: 5,
      text: '| VM | 16.4 |',
    });
  });
});
