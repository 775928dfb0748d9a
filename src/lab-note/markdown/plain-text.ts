import MarkdownIt, { type Token } from 'markdown-it';

const parser = new MarkdownIt('commonmark');
/** Without one of these, Markdown and text are the same. */
const markup = /[\\`*_[\]<>&!]/;
/** A longer text is nothing that a person has written as a heading: it keeps its markup. */
const longest = 10_000;

function textOf({ type, content, children }: Token): string {
  if (type === 'softbreak' || type === 'hardbreak') return ' ';
  if (type === 'html_inline') return '';
  return children === null ? content : children.map(textOf).join('');
}

/** What a reader sees of one paragraph or heading of Markdown: emphasis, code, links and character references resolved. */
export function plainText(source: string): string {
  const isMarkup = source.length <= longest && markup.test(source);
  const text = isMarkup ? parser.parseInline(source, {}).map(textOf).join('') : source;
  return text.replace(/\s+/g, ' ').trim();
}
