import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarkdown } from './read-markdown.ts';

describe('readMarkdown', () => {
  it('gives the path of headings, whatever depths are left out', () => {
    const { sections } = readMarkdown('# a\n### b\n## c\n# d\n');
    expect(sections.map(({ path }) => path)).toEqual([['a'], ['a', 'b'], ['a', 'c'], ['d']]);
  });

  it('gives the plain text of headings', () => {
    const { sections } = readMarkdown('# `iperf3` *TCP* &amp; [UDP](x) #\nA\\_b\n---\n');
    expect(sections.map(({ heading, depth }) => [heading, depth])).toEqual([
      ['iperf3 TCP & UDP', 1],
      ['A_b', 2],
    ]);
  });

  it('takes link definitions above a rule for no heading', () => {
    expect(readMarkdown('[a]: b\n---\n').sections.map(({ heading }) => heading)).toEqual([null]);
  });

  it('gives code with its language and the line of the note that it begins on, and the prose between', () => {
    const text = 'x\n\n# h\nprose\n> ```Bash {.a}\n> a\n> ```\n\n    b\n\nend\n~~~\nopen';
    const blocks = readMarkdown(text).sections.flatMap((section) => section.blocks);
    expect(
      blocks.map(({ kind, language, firstLine, lastLine, text: content, isClosed }) => [
        kind,
        language,
        firstLine,
        lastLine,
        content,
        isClosed,
      ]),
    ).toEqual([
      ['prose', null, 1, 1, 'x', true],
      ['prose', null, 4, 4, 'prose', true],
      ['fenced', 'bash', 6, 7, 'a', true],
      ['indented', null, 9, 9, 'b', true],
      ['prose', null, 11, 11, 'end', true],
      ['fenced', null, 13, 13, 'open', false],
    ]);
  });

  it('leaves front matter out, and keeps an empty block', () => {
    const { sections, frontMatterLines } = readMarkdown('---\ntitle: x\n---\n# a\n```\n```\n');
    expect(frontMatterLines).toBe(3);
    expect(sections.map(({ heading, line }) => [heading, line])).toEqual([['a', 4]]);
    expect(sections[0]?.blocks[0]?.text).toBe('');
  });

  it('gives each line to one heading, block or blank stretch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('# a', '```', 'x', '', '> y', '    z', '===', '- ', '<!--', '-->')),
        (lines) => {
          const { sections } = readMarkdown(lines.join('\n'));
          let last = 0;
          for (const { line, lastLine, blocks } of sections) {
            expect(line).toBeGreaterThan(last);
            for (const block of blocks) {
              expect(block.firstLine).toBeGreaterThan(last);
              expect(block.lastLine).toBeGreaterThanOrEqual(block.firstLine - 1);
              last = block.lastLine;
            }
            expect(lastLine).toBeGreaterThanOrEqual(last);
            last = lastLine;
          }
        },
      ),
    );
  });
});
