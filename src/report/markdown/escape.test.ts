import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { printable } from '../text/printable.ts';
import { fenced, markdownCode, markdownTable, markdownText, shellLine } from './escape.ts';

describe('text from outside', () => {
  it('cannot become Markdown or HTML', () => {
    expect(markdownText('<b> & `x` | [a](b) *c*\n# d')).toBe(
      '&lt;b&gt; &amp; \\`x\\` \\| \\[a\\](b) \\*c\\*\\\\x0a\\# d',
    );
  });

  it('may have more rows of backticks than a call takes arguments', () => {
    expect(markdownCode('` '.repeat(300_000))).toMatch(/^``/);
  });

  it('never leaves its line, its table cell or its element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = markdownText(text);
        expect(safe.replaceAll('<!-- -->', '')).not.toMatch(/[\n\r<>]/);
        expect(safe.replaceAll(/\\./g, '')).not.toMatch(/[|`*_[\]]/);
      }),
    );
  });

  it('is text and nothing else, wherever it stands', () => {
    const parts = [
      '- ',
      '+',
      '1. ',
      '1)',
      '    ',
      '#',
      '---',
      '===',
      '> ',
      '[x](y)',
      '::',
      '<a>',
      '\\',
      '`',
      '*',
      'word',
      '|',
    ];
    const strange = fc.string({ unit: fc.constantFrom(...parts) });
    for (const [before, depth] of [
      ['', 1],
      ['- ', 3],
      ['> - a: ', 4],
    ] as const) {
      fc.assert(
        fc.property(strange, (text) => {
          const shown: string[] = [];
          const kinds = new Set<string>();
          let deepest = 0;
          const look = (node: Nodes, level: number): void => {
            if (node.type !== 'html' || node.value !== '<!-- -->') kinds.add(node.type);
            deepest = Math.max(deepest, level);
            if (node.type === 'text') shown.push(node.value);
            if ('children' in node) for (const child of node.children) look(child, level + 1);
          };
          look(fromMarkdown(`${before}${markdownText(text)}.`), 0);
          expect(
            [...kinds].filter(
              (kind) => !['root', 'list', 'listItem', 'blockquote', 'paragraph', 'text'].includes(kind),
            ),
          ).toEqual([]);
          expect(deepest).toBe(depth + 1);
          expect(shown.join('')).toBe(`${before.replace(/^(?:> )?- /, '')}${printable(text)}.`);
        }),
      );
    }
  });

  it('links to nobody and nothing on GitHub', () => {
    expect(markdownText('@octocat a@b.c')).toBe('@<!-- -->octocat a@<!-- -->b.c');
    expect(markdownText('#12 o/r#3 GH-4')).toBe('\\#<!-- -->12 o/r\\#<!-- -->3 GH-<!-- -->4');
    expect(markdownText('https://a.b www.a.b')).toBe('https:<!-- -->//a.b www<!-- -->.a.b');
    const parts = ['@', 'a', '#', '1', 'GH-', 'gh', '-', 'www', '.', 'http', ':', '/', ' '];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...parts) }), (text) => {
        expect(markdownText(text).replaceAll(/\\|&#32;/g, '')).not.toMatch(/@\w|#\d|\bgh-\d|\bwww\.|:\/\//i);
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
