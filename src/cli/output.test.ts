import { expect, it, vi } from 'vitest';
import { explain } from './output.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it('a document that is longer than any text can be is no fault of tapbench, and has no stack', () => {
  const said: string[] = [];
  using _ = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const half = 'x'.repeat(2 ** 28);
  expect(explain(thrownBy(() => [half, half].join('\r\n')))).toBe(4);
  expect(said.join('')).toMatch(/^tapbench: the output would be longer than 512 million characters\n {2}ask for less/);
  expect(explain(new RangeError('another'))).toBe(70);
});
