import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutTerminalCodes } from './terminal-codes.ts';

describe('text without terminal codes', () => {
  it.each([
    ['no codes', 'plain\ntext', 'plain\ntext'],
    ['colours', '\u001b[2;35m== 1.0 ==\u001b[0m', '== 1.0 =='],
    ['an 8-bit sequence', '\u009b31mred\u009b0m', 'red'],
    ['cursor and screen', 'a\u001b[2K\u001b[1G\u001b[?25lb', 'ab'],
    ['a title', '\u001b]0;title\u0007text\u001b]2;title\u001b\\', 'text'],
    ['a link', '\u001b]8;;https://example.org\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a character set', '\u001b(Btext', 'text'],
    ['a sequence that is cut off', 'text\u001b[31', 'text\u001b[31'],
  ])('with %s', (_what, text, plain) => {
    expect(withoutTerminalCodes(text)).toBe(plain);
  });

  it('is what Node gives for the codes that tools print', () => {
    const code = fc.constantFrom('\u001b[0m', '\u001b[1;31m', '\u001b[38;5;12m', '\u001b[K', '\u001b]0;x\u0007');
    fc.assert(
      fc.property(fc.array(fc.oneof(code, fc.stringMatching(/^[\w .:\n]*$/))), (pieces) => {
        const text = pieces.join('');
        expect(withoutTerminalCodes(text)).toBe(stripVTControlCharacters(text));
      }),
    );
  });

  it.each(['\u001b];a', '\u001b[', '\u001b[;', '\u009b1', '\u001b]8;;', '\u001b', '\u001b P', '\u001b]x\n'])(
    'is not slow where there is nothing but %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(10_000_000 / piece.length));
      const begun = performance.now();
      withoutTerminalCodes(text);
      expect(performance.now() - begun).toBeLessThan(5_000);
    },
  );
});
