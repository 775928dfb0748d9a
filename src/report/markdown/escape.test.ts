import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../printable.ts';
import { fenced, markdownCode, markdownTable, markdownText, shellLine } from './escape.ts';

describe('text from outside', () => {
  it('cannot steer a terminal', () => {
    expect(printable('a\u001b[31mb\r\n\u009b\u202ec')).toBe('a\\x1b[31mb\\x0d\\x0a\\x9b\\u202ec');
  });

  it('cannot become Markdown or HTML', () => {
    expect(markdownText('<b> & `x` | [a](b) *c*\n# d')).toBe(
      '&lt;b&gt; &amp; \\`x\\` \\| \\[a\\](b) \\*c\\*\\\\x0a\\# d',
    );
  });

  it('never leaves its line, its table cell or its element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = markdownText(text);
        expect(safe).not.toMatch(/[\n\r<>]/);
        expect(safe.replaceAll(/\\./g, '')).not.toMatch(/[|`*_[\]]/);
      }),
    );
  });

  it('cannot end the block or span that it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', ' ') }), (text) => {
        const lines = fenced([text]).split('\n');
        const fence = lines[0] ?? '';
        expect(lines).toHaveLength(3);
        expect(lines[1]).not.toContain(fence);
        const ticks = /^`+/.exec(markdownCode(text))?.[0] ?? '';
        expect(markdownCode(text).slice(ticks.length, -ticks.length).split(/[^`]+/)).not.toContain(ticks);
      }),
    );
  });

  it('is quoted for a shell where it needs to be', () => {
    expect(shellLine(['echo', "it's", 'a b', '$HOME', '-t', '30'])).toBe(`echo 'it'\\''s' 'a b' '$HOME' -t 30`);
  });
});

describe('a table', () => {
  it('is lined up for who reads it as text, but for cells that are much wider', () => {
    const wide = 'x'.repeat(60);
    expect(
      markdownTable(
        ['a', 'bcde'],
        [
          ['123', '1'],
          [wide, '2'],
        ],
      ).split('\n'),
    ).toEqual(['| a   | bcde |', '| --- | ---- |', '| 123 | 1    |', `| ${wide} | 2    |`]);
  });
});
