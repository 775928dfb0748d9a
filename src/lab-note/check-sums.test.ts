import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSums } from './check-sums.ts';
import { readNote } from './read-note.ts';

const folder = join(import.meta.dirname, '../../test/fixtures/lab-note');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name !== 'README.md' && each.name !== 'readings.txt')
  .map((each) => join(each.parentPath.slice(folder.length + 1), each.name));

function note(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8');
  return name.endsWith('.md') ? text : `\`\`\`\n${text}\n\`\`\`\n`;
}

/** Findings of a fixture in which a piece of text was replaced. */
function edited(name: string, from: string, to: string): string[] {
  const text = note(name);
  expect(text).toContain(from);
  return checkSums(readNote(text.replace(from, to))).map(({ level, message }) => `${level}: ${message}`);
}

describe('sums and shares of a note', () => {
  it.each(files)('of %s raise no false alarm', (name) => {
    expect(checkSums(readNote(note(name)))).toEqual([]);
  });

  it('speak of a sum that is not that of the streams, and of a rate that is not that of the bytes', () => {
    const found = edited(
      'note/vm-client.md',
      '57.2 GBytes  16.4 Gbits/sec                  receiver',
      '75.2 GBytes  21.5 Gbits/sec                  receiver',
    );
    expect(found).toEqual([
      expect.stringContaining('the bytes of the 4 streams'),
      expect.stringContaining('the bits per second of the 4 streams'),
      expect.stringContaining('75.2 GBytes were received'),
    ]);
    expect(edited('note/vm-client.md', '14.2 GBytes  4.07', '14.2 GBytes  4.70')).toContainEqual(
      expect.stringMatching(/^void: 14.2 GBytes in this time are .* not 4.70 Gbits\/sec$/),
    );
  });

  it('speak of lost datagrams that are another share', () => {
    expect(edited('iperf3-3.1.7/udp.txt', '14/145 (9.7%)', '14/145 (0.97%)')).toEqual([
      expect.stringMatching(/^doubt: 14 of 145 datagrams are 9.655 %/),
    ]);
  });

  it('speak of counts and spread figures of sockperf that do not fit each other', () => {
    const name = 'note/vm-client.md';
    expect(edited(name, '1983.52', '1938.52')).toEqual([expect.stringContaining('each percentile contains')]);
    expect(edited(name, 'Total 198352', 'Total 198353')).toContainEqual(expect.stringContaining('messages received'));
    expect(edited(name, 'dropped messages = 0', 'dropped messages = 3')).toEqual([
      expect.stringContaining('3 messages were dropped'),
    ]);
    expect(edited(name, 'std-error=0.035', 'std-error=0.350')).toEqual([expect.stringContaining('sqrt')]);
    expect(edited(name, 'Latency is 74.383', 'Latency is 74.833')).toEqual([expect.stringMatching(/^void/)]);
  });

  it('speak of totals of strace and shares of perf that are not those of the rows', () => {
    expect(edited('strace-6.1/dd.txt', '      1125        17 total', '      1152        17 total')).toEqual([
      expect.stringMatching(/^void: the calls add up to 1125/),
    ]);
    expect(edited('strace-6.1/dd.txt', ' 43.56 ', ' 34.56 ')).toEqual([expect.stringContaining('percentages')]);
    expect(edited('perf-6.12/threads.txt', '1039 events, 25.8%', '1039 events, 52.8%')).not.toEqual([]);
  });
});
