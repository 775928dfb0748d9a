/** How an HTML block begins and ends (CommonMark 0.31, 4.6). `end` null: at a blank line. */
interface HtmlKind {
  readonly start: RegExp;
  readonly end: RegExp | null;
  readonly canInterrupt: boolean;
}

const blockNames =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';
const attribute = String.raw`\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*(?:[^"'=<>\x60\s]+|'[^']*'|"[^"]*"))?`;
const rawNames = 'script|pre|style|textarea';

const kinds: readonly HtmlKind[] = [
  {
    start: new RegExp(`^<(?:${rawNames})(?:\\s|>|$)`, 'i'),
    end: new RegExp(`</(?:${rawNames})>`, 'i'),
    canInterrupt: true,
  },
  { start: /^<!--/, end: /-->/, canInterrupt: true },
  { start: /^<[?]/, end: /[?]>/, canInterrupt: true },
  { start: /^<![A-Za-z]/, end: />/, canInterrupt: true },
  { start: /^<!\[CDATA\[/, end: /\]\]>/, canInterrupt: true },
  { start: new RegExp(`^</?(?:${blockNames})(?:\\s|/?>|$)`, 'i'), end: null, canInterrupt: true },
  {
    start: new RegExp(
      `^(?:<(?!(?:${rawNames})\\b)[A-Za-z][A-Za-z0-9-]*(?:${attribute})*\\s*/?>|</[A-Za-z][A-Za-z0-9-]*\\s*>)\\s*$`,
      'i',
    ),
    end: null,
    canInterrupt: false,
  },
];

/** A single tag that fills a line is not looked for in longer lines. */
const longestTag = 2000;

/** The HTML block that begins with `text`; null where none does. */
export function htmlBlock(text: string, isInParagraph: boolean): { readonly end: RegExp | null } | null {
  if (!text.startsWith('<')) return null;
  const usable = kinds.filter(({ canInterrupt }) => canInterrupt || (!isInParagraph && text.length <= longestTag));
  return usable.find(({ start }) => start.test(text)) ?? null;
}
