import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { scanBlocks } from './block-scan.ts';

/** A full parser drops some blank lines at the edges of code, and keeps other blanks in them. */
function withoutEnd(text: string): string {
  return text.replace(/^[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
}

/** Headings and code of a full parser, in the same words. */
function expected(node: Nodes): unknown[] {
  const line = node.position?.start.line;
  if (node.type === 'heading') return [`h${String(node.depth)} at ${String(line)}`];
  if (node.type === 'code') return [`code at ${String(line)}: ${withoutEnd(node.value)}`];
  return 'children' in node ? node.children.flatMap(expected) : [];
}

function scanned(text: string): string[] {
  return scanBlocks(text).map((block) =>
    block.kind === 'heading'
      ? `h${String(block.depth)} at ${String(block.line)}`
      : `code at ${String(block.line)}: ${withoutEnd(block.lines.join('\n'))}`,
  );
}

/** No tag of its own on a lazy line: the full parser takes it for the beginning of an HTML block, CommonMark for text. */
const pieces = [
  '```',
  '````',
  '~~~',
  '```bash',
  '# ',
  '## ',
  '#',
  '> ',
  '>',
  '- ',
  '* ',
  '1. ',
  '1) ',
  '    ',
  '  ',
  ' ',
  '\t',
  '---',
  '===',
  '***',
  '-',
  '=',
  'word',
  'iperf3 -s',
  '`code`',
  '<div>',
  '</div>',
  '<!-- ',
  '-->',
  '<pre>',
  '\\',
  '[  5]   0.00-1.00',
  '@total[a, b]: 1',
  '- - - - -',
  '$ ls',
  '+',
  '|',
  '<?',
  '?>',
  '#5',
  'x #',
  '*a*',
];
/**
 * Where the full parser strays from CommonMark: below indented code it lets a list begin only as if a paragraph stood
 * there, and below an empty quote or item it ends indented code after each line.
 */
const straying = [
  /^(?:.*[ >)*+.-])?(?: {4}| {0,3}\t).*\n.{0,8}(?:[*+-]|\d+[.)])/m,
  /^.*(?:>|[-*+]|\d[.)])[ \t]*\n(?:[ \t]*\n)*(?: {4}| {0,3}\t)/m,
];
const line = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(''));
const document = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));

describe('scanBlocks', () => {
  it('finds the headings and code blocks that a full parser finds', () => {
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(!straying.some((each) => each.test(text)));
        expect(scanned(text)).toEqual(expected(fromMarkdown(text)));
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it('counts lines as a full parser does, whatever ends them', () => {
    const text = '# a\r\nb\r\r```\rc\n```\n';
    expect(scanned(text)).toEqual(expected(fromMarkdown(text)));
  });

  it.each([
    ['- - - - -\n  a', []],
    ['> ```\n> a\n\nb', ['code at 1: a']],
    ['- a\n\n  ```\n  b\n   c\n  ```\n', ['code at 3: b\n c']],
    ['<!--\n```\n-->\n```\na\n```', ['code at 4: a']],
    ['a\n    b', []],
    ['\tcode\n\n\n', ['code at 1: code']],
    ['a\nb\n===', ['h1 at 1']],
    ['a\n10. ```', []],
    ['10. ```\n    a', ['code at 1: a']],
  ])('reads %j', (text, blocks) => {
    expect(scanned(text)).toEqual(blocks);
  });

  it('takes time in proportion to the length of nested or endless constructs', () => {
    const hostile = [
      '> '.repeat(20_000),
      '- '.repeat(20_000) + '\n'.repeat(50_000),
      '- a\n  - b\n'.repeat(20_000),
      '`'.repeat(200_000),
      `<a${' b'.repeat(100_000)}`,
      '[a]: b\n'.repeat(30_000),
      `${' '.repeat(200_000)}#`,
      `#${' '.repeat(200_000)}x`,
      `#${' #'.repeat(100_000)}`,
    ];
    for (const text of hostile) {
      const before = performance.now();
      scanBlocks(text);
      expect(performance.now() - before).toBeLessThan(1500);
    }
  });
});
