import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOutput } from './read-output.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/lab-note');
const outputs = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name.endsWith('.txt') && !/json|readings/.test(each.name))
  .map((each) => readFileSync(join(each.parentPath, each.name), 'utf8').replace(/\n$/, '').split('\n'));

/** How lines of the tools begin, and of other things that people paste. */
const beginnings = [
  '',
  '   ',
  '[  5] ',
  '[SUM] ',
  '[  5]   0.00-1.00   sec  ',
  'sockperf: ',
  'sockperf: Test end ',
  'sockperf: ---> ',
  'Warmup stage ',
  'iperf3: ',
  'strace: ',
  'strace: Process 12 ',
  '@',
  '@total[',
  '^C',
  '# ',
  '| ',
  '--- ',
  '"',
  '<',
];
const words = fc.array(
  fc.constantFrom('zork', 'Zork', '12', '987.654', '99.5%', 'blub/s', 'zork:', '=', '12.5', '(zork)'),
  {
    minLength: 1,
    maxLength: 6,
  },
);
/** Without a word that no tool has it might be a line of theirs. */
const unknownLine = fc
  .tuple(fc.constantFrom(...beginnings), words, fc.constantFrom('', ' ---', ' |', '...'))
  .map(([beginning, middle, end]) => `${beginning}${middle.join(' ')}${end}`)
  .filter((line) => /zork/i.test(line) && /\d\.\d/.test(line));

describe('a line that no tool prints', () => {
  it('is listed with its number wherever in an output it stands, or is the message of a failure', () => {
    fc.assert(
      fc.property(fc.constantFrom(...outputs), fc.nat(), unknownLine, (lines, where, unknown) => {
        const place = where % (lines.length + 1);
        const text = [...lines.slice(0, place), unknown, ...lines.slice(place)].join('\n');
        const { readings, notUnderstood } = readOutput(text);
        const isListed = notUnderstood.some(({ line }) => line === place + 1);
        const isFailure = readings.some((each) => each.kind === 'failure' && each.lines.includes(place + 1));
        expect([place + 1, isListed || isFailure]).toEqual([place + 1, true]);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no figure away from the output that it stands in', () => {
    fc.assert(
      fc.property(fc.constantFrom(...outputs), fc.nat(), (lines, where) => {
        const place = where % (lines.length + 1);
        const rows = (text: string): number =>
          readOutput(text).readings.reduce(
            (sum, each) =>
              sum + (each.kind === 'transfer' ? each.value.totals.length + each.value.intervals.length : 0),
            0,
          );
        const changed = [...lines.slice(0, place), 'zork blub 12.5', ...lines.slice(place)];
        expect(rows(changed.join('\n'))).toBe(rows(lines.join('\n')));
      }),
      { numRuns: 500 },
    );
  });
});
