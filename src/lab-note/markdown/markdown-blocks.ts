import MarkdownIt, { type Token } from 'markdown-it';
import type { CodeBlock, HeadingBlock } from './block.ts';
import { plainText } from './plain-text.ts';

/**
 * Quotes nested deeper than this, and lists nested deeper than half of it, are read as running text: each level looks at its lines once more.
 */
export const deepestNesting = 12;

const parser = new MarkdownIt('commonmark', { maxNesting: deepestNesting });
// Block structure alone: what stands inside of paragraphs is not looked at.
parser.core.ruler.enableOnly(['normalize', 'block']);

function headingBlock({ tag, markup, map }: Token, source: string): HeadingBlock {
  const [from, to] = map ?? [0, 1];
  const isUnderlined = !markup.startsWith('#');
  const text = plainText(source);
  return { kind: 'heading', depth: Number(tag.slice(1)), source, text, line: from + 1, lastLine: to, isUnderlined };
}

/** Each line of a code block's content ends in a line feed, but the last one of the document need not. */
function linesOf(content: string): string[] {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function codeBlock({ type, content, info, map }: Token): CodeBlock {
  const [from, to] = map ?? [0, 1];
  const isFenced = type === 'fence';
  const lines = linesOf(content);
  return {
    kind: 'code',
    isFenced,
    info: info.trim(),
    line: from + 1,
    lastLine: to,
    firstLine: isFenced ? from + 2 : from + 1,
    lines,
    // Both fences and the lines between them.
    isClosed: !isFenced || to - from === lines.length + 2,
  };
}

/** The headings and code blocks of a Markdown text (CommonMark), in order; those in quotes and lists too. */
export function markdownBlocks(text: string): (HeadingBlock | CodeBlock)[] {
  const tokens = parser.parse(text, {});
  return tokens.flatMap((token, place): (HeadingBlock | CodeBlock)[] => {
    if (token.type === 'heading_open') return [headingBlock(token, tokens[place + 1]?.content ?? '')];
    return token.type === 'fence' || token.type === 'code_block' ? [codeBlock(token)] : [];
  });
}
