import { fromMarkdown } from 'mdast-util-from-markdown';
import type { HeadingBlock } from './block.ts';

/** Without one of these, Markdown and text are the same. */
const markup = /[\\`*_[\]<>&!:]/;
/** Longer headings, and more different ones than this in one note, keep their markup: a parser's time is not given to them. */
const longest = 500;
const mostDifferent = 1000;

/** What this needs of the parser's nodes. */
interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null | undefined;
  readonly children?: readonly MarkdownNode[];
}

function textOf({ type, value, alt, children }: MarkdownNode): string {
  if (type === 'html') return '';
  return value ?? alt ?? (children ?? []).map(textOf).join('');
}

/** Gives the plain text of headings: emphasis, code, links and character references resolved. */
export class HeadingText {
  readonly #known = new Map<string, string | null>();

  /** @returns null where the lines above an underline turn out to be link definitions, and so no heading */
  of({ source, depth, isUnderlined }: HeadingBlock): string | null {
    const plain = source.replace(/[ \t]*\n[ \t]*/g, ' ').trim();
    if (!markup.test(source) || source.length > longest) return plain;
    const key = `${isUnderlined ? depth : 0}${source}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= mostDifferent) return plain;
    const whole = isUnderlined ? `${source}\n${depth === 1 ? '===' : '---'}` : `# ${source}`;
    const heading = fromMarkdown(whole).children.find((each) => each.type === 'heading');
    const text = heading === undefined ? null : textOf(heading).replace(/\s+/g, ' ').trim();
    this.#known.set(key, text);
    return text;
  }
}
