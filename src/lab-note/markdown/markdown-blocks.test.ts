import { describe, expect, it } from 'vitest';
import { deepestNesting, markdownBlocks } from './markdown-blocks.ts';

function read(text: string): string[] {
  return markdownBlocks(text).map((block) =>
    block.kind === 'heading'
      ? `h${String(block.depth)} at ${String(block.line)}-${String(block.lastLine)}: ${block.text}`
      : `code at ${String(block.line)}-${String(block.lastLine)}: ${block.lines.join('|')}${block.isClosed ? '' : ' ...'}`,
  );
}

describe('markdownBlocks', () => {
  it.each([
    ['- - - - -\n  a', []],
    ['> ```\n> a\n\nb', ['code at 1-2: a ...']],
    ['- a\n\n  ```\n  b\n   c\n  ```\n', ['code at 3-6: b| c']],
    ['<!--\n```\n-->\n```\na\n```', ['code at 4-6: a']],
    ['a\n    b', []],
    ['\tcode\n\n\n', ['code at 1-1: code']],
    ['    a\n\n    b\n', ['code at 1-3: a||b']],
    ['a\nb\n===', ['h1 at 1-3: a b']],
    ['[a]: b\n---\n', []],
    ['> # `a` *b* &amp; [c](x) #', ['h1 at 1-1: a b & c']],
    ['10. ```\n    a', ['code at 1-2: a ...']],
  ])('reads %j', (text, blocks) => {
    expect(read(text)).toEqual(blocks);
  });

  it.each([
    ['```', [' ...']],
    ['```\n', [' ...']],
    ['```\n\n', [' ...']],
    ['```\na', ['a ...']],
    ['```\na\n\n', ['a| ...']],
    ['```\n```', ['']],
    ['```\n\n```', ['']],
    ['~~~ sh\na\n~~~~ \nb', ['a']],
  ])('tells a fence that is closed from one that is not: %j', (text, contents) => {
    expect(read(text).map((each) => each.replace(/^.*?: /, ''))).toEqual(contents);
  });

  it('counts lines whatever ends them', () => {
    expect(read('# a\r\nb\r\r```\rc\n```\n')).toEqual(['h1 at 1-1: a', 'code at 4-6: c']);
  });

  it('takes what is nested too deep for running text', () => {
    const nested = (depth: number): string => `${'> '.repeat(depth)}# a\n\n# b`;
    expect(read(nested(deepestNesting - 1))).toHaveLength(2);
    expect(read(nested(deepestNesting + 1))).toEqual(['h1 at 3-3: b']);
  });
});
