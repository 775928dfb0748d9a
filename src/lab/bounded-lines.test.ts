import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { eachBoundedLine } from './bounded-lines.ts';

async function linesOf(pieces: readonly string[]): Promise<string[]> {
  const source = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const lines: string[] = [];
  eachBoundedLine(source, (line) => lines.push(line), 10);
  await once(source, 'end');
  return lines;
}

it('lines come whole, wherever they were cut on their way, and the last one without its end', async () => {
  expect(await linesOf(['a\nbc', 'd\n', '\ne'])).toEqual(['a', 'bcd', '', 'e']);
});

it('a line without end is cut', async () => {
  expect(await linesOf(['x'.repeat(15), 'y'.repeat(1_000_000), '\nnext\n'])).toEqual(['x'.repeat(10), 'next']);
});
