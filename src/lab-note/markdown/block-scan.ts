import { splitLines } from '../text-lines.ts';
import type { CodeBlock, HeadingBlock } from './block.ts';
import { htmlBlock } from './html-block.ts';
import { LineCursor } from './line-cursor.ts';
import {
  atx,
  atxEnd,
  isClosingFence,
  letter,
  openingFence,
  special,
  thematicBreak,
  underline,
} from './line-patterns.ts';
import { listMarker } from './list-marker.ts';
import type { Container, Leaf, LeafPlace, OpenPlace } from './open-blocks.ts';

const codeIndent = 4;
/** Quotes and lists nested deeper are read as text: keeps hostile nesting linear. */
const deepest = 24;

/**
 * The block structure of CommonMark 0.31 by the strategy of its appendix, in one pass over the lines: headings and code
 * blocks with their places. What a full parser builds beside them (paragraph text, emphasis, links) is not built.
 */
class BlockScan {
  readonly found: (HeadingBlock | CodeBlock)[] = [];
  #containers: Container[] = [];
  #leaf: Leaf | null = null;

  line(text: string, number: number): void {
    if (this.#containers.length === 0 && this.#takePlain(text, number)) return;
    const cursor = new LineCursor(text);
    const matched = this.#matchContainers(cursor);
    const isAllMatched = matched === this.#containers.length;
    if (isAllMatched && this.#continueLeaf(cursor, number)) return;
    const wasParagraph = this.#leaf?.kind === 'paragraph' ? this.#leaf : null;
    const isParagraphOpen = wasParagraph !== null && isAllMatched;
    // Blocks that did not match close when something new opens; a paragraph may go on lazily.
    let isClosed = false;
    const close = (): void => {
      if (!isClosed && !isAllMatched) this.#closeTo(matched, number);
      isClosed = true;
    };
    this.#open({ cursor, number, isParagraphOpen, close, wasParagraph });
  }

  /** The usual lines outside of quotes and lists, without looking for anything in them: blank lines and text that begins with a letter. */
  #takePlain(text: string, number: number): boolean {
    const leaf = this.#leaf;
    if (text === '' && (leaf === null || leaf.kind === 'paragraph')) {
      this.#leaf = null;
      return true;
    }
    if (leaf?.kind === 'fenced') {
      const first = text[0];
      const isContent = first !== leaf.fence[0] && (leaf.indent === 0 ? first !== ' ' && first !== '\t' : text === '');
      if (isContent) leaf.lines.push(text);
      return isContent;
    }
    if ((leaf !== null && leaf.kind !== 'paragraph') || !letter.test(text)) return false;
    if (leaf === null) this.#leaf = { kind: 'paragraph', line: number, lines: [text] };
    else leaf.lines.push(text);
    return true;
  }

  /** How many of the open containers this line belongs to. */
  #matchContainers(cursor: LineCursor): number {
    let matched = 0;
    for (const container of this.#containers) {
      const { indent, isBlank, offset } = cursor.next();
      if (container.kind === 'quote') {
        if (indent >= codeIndent || cursor.text[offset] !== '>') break;
        cursor.skipQuoteMarker();
      } else if (isBlank) {
        if (!container.hasChild) break;
        cursor.toNext();
      } else if (indent >= container.width) cursor.skipColumns(container.width);
      else break;
      matched += 1;
    }
    return matched;
  }

  /** @returns true where the line belongs to the open leaf and is dealt with */
  #continueLeaf(cursor: LineCursor, number: number): boolean {
    const leaf = this.#leaf;
    if (leaf === null) return false;
    const { indent, isBlank, offset } = cursor.next();
    switch (leaf.kind) {
      case 'fenced':
        this.#continueFenced(leaf, cursor, number);
        return true;
      case 'indented':
        if (indent < codeIndent && !isBlank) {
          this.#closeLeaf(number);
          return false;
        }
        cursor.skipColumns(codeIndent);
        leaf.lines.push(cursor.rest());
        return true;
      case 'html':
        if (leaf.end === null ? isBlank : leaf.end.test(cursor.text.slice(offset))) this.#leaf = null;
        return true;
      case 'paragraph':
        if (isBlank) this.#closeLeaf(number);
        return isBlank;
    }
  }

  #continueFenced(leaf: Extract<Leaf, { kind: 'fenced' }>, cursor: LineCursor, number: number): void {
    const { indent, offset } = cursor.next();
    if (indent < codeIndent && isClosingFence(cursor.text, offset, leaf.fence)) {
      this.#pushFenced(leaf, number, true);
      this.#leaf = null;
      return;
    }
    cursor.skipColumns(leaf.indent);
    leaf.lines.push(cursor.rest());
  }

  #pushFenced(leaf: Extract<Leaf, { kind: 'fenced' }>, lastLine: number, isClosed: boolean): void {
    const { info, line, lines } = leaf;
    this.found.push({ kind: 'code', isFenced: true, info, line, lastLine, firstLine: line + 1, lines, isClosed });
  }

  /** Opens what begins in the rest of the line; else it is text. */
  #open(at: OpenPlace): void {
    const { cursor, close } = at;
    let { isParagraphOpen } = at;
    let isNew = false;
    for (;;) {
      const { indent, isBlank, offset } = cursor.next();
      if (isBlank) {
        close();
        return;
      }
      const rest = cursor.text.slice(offset);
      if (indent >= codeIndent) {
        if (this.#isTextGoingOn(at, isNew)) break;
        this.#openIndented(at);
        return;
      }
      if (!special.test(rest)) break;
      if (this.#openContainer(at, rest, isParagraphOpen)) {
        isParagraphOpen = false;
        isNew = true;
        continue;
      }
      if (this.#openLeaf(at, { rest, indent, isParagraphOpen, isLazy: this.#isTextGoingOn(at, isNew) })) return;
      break;
    }
    this.#addText(at, isNew);
  }

  /** The line can only be the paragraph's next, or lazily so. */
  #isTextGoingOn({ wasParagraph }: OpenPlace, isNew: boolean): boolean {
    return wasParagraph !== null && !isNew && this.#leaf === wasParagraph;
  }

  #openContainer(at: OpenPlace, rest: string, isParagraphOpen: boolean): boolean {
    const { cursor, number, close } = at;
    if (this.#containers.length >= deepest) return false;
    if (rest.startsWith('>')) {
      close();
      this.#closeLeaf(number);
      this.#touchItem();
      cursor.skipQuoteMarker();
      this.#containers.push({ kind: 'quote' });
      return true;
    }
    if (thematicBreak.test(rest) || (isParagraphOpen && underline.test(rest))) return false;
    const width = listMarker(cursor, isParagraphOpen);
    if (width === null) return false;
    close();
    this.#closeLeaf(number);
    this.#touchItem();
    this.#containers.push({ kind: 'item', width, hasChild: false });
    return true;
  }

  #openLeaf(at: OpenPlace, { rest, indent, isParagraphOpen, isLazy }: LeafPlace): boolean {
    const { number, close } = at;
    const begin = (): void => {
      close();
      this.#closeLeaf(number);
      this.#touchItem();
    };
    const heading = atx.exec(rest);
    if (heading !== null) {
      begin();
      const source = rest.slice(heading[0].length).replace(atxEnd, '').trim();
      const depth = heading[1]?.length ?? 1;
      this.found.push({ kind: 'heading', depth, source, line: number, lastLine: number, isUnderlined: false });
      return true;
    }
    const fence = openingFence.exec(rest)?.[0];
    if (fence !== undefined) {
      begin();
      const info = rest.slice(fence.length).trim();
      this.#leaf = { kind: 'fenced', fence, indent, info, line: number, lines: [] };
      return true;
    }
    const html = htmlBlock(rest, isLazy);
    if (html !== null) {
      begin();
      this.#leaf = html.end?.test(rest) === true ? null : { kind: 'html', end: html.end };
      return true;
    }
    if (isParagraphOpen && this.#underline(rest, number)) return true;
    if (!thematicBreak.test(rest)) return false;
    begin();
    return true;
  }

  #underline(rest: string, number: number): boolean {
    const leaf = this.#leaf;
    const run = underline.exec(rest)?.[1];
    if (run === undefined || leaf?.kind !== 'paragraph') return false;
    const source = leaf.lines.join('\n');
    const depth = run.startsWith('=') ? 1 : 2;
    this.found.push({ kind: 'heading', depth, source, line: leaf.line, lastLine: number, isUnderlined: true });
    this.#leaf = null;
    return true;
  }

  #openIndented({ cursor, number, close }: OpenPlace): void {
    close();
    this.#closeLeaf(number);
    this.#touchItem();
    cursor.skipColumns(codeIndent);
    this.#leaf = { kind: 'indented', line: number, lines: [cursor.rest()] };
  }

  #addText(at: OpenPlace, isNew: boolean): void {
    const { cursor, number, close } = at;
    cursor.toNext();
    const text = cursor.rest();
    const leaf = this.#leaf;
    if (this.#isTextGoingOn(at, isNew) && leaf?.kind === 'paragraph') {
      leaf.lines.push(text);
      return;
    }
    close();
    this.#closeLeaf(number);
    this.#touchItem();
    this.#leaf = { kind: 'paragraph', line: number, lines: [text] };
  }

  /** The innermost item holds something now: a blank line no longer ends it. */
  #touchItem(): void {
    const last = this.#containers.at(-1);
    if (last?.kind === 'item') last.hasChild = true;
  }

  #closeTo(depth: number, number: number): void {
    this.#closeLeaf(number);
    this.#containers = this.#containers.slice(0, depth);
  }

  /** @param number the line that no longer belongs to it */
  #closeLeaf(number: number): void {
    const leaf = this.#leaf;
    this.#leaf = null;
    if (leaf?.kind === 'fenced') this.#pushFenced(leaf, number - 1, false);
    if (leaf?.kind !== 'indented') return;
    const { line } = leaf;
    let length = leaf.lines.length;
    while (length > 0 && leaf.lines[length - 1]?.trim() === '') length -= 1;
    const lines = leaf.lines.slice(0, length);
    const lastLine = line + length - 1;
    this.found.push({
      kind: 'code',
      isFenced: false,
      info: '',
      line,
      lastLine,
      firstLine: line,
      lines,
      isClosed: true,
    });
  }

  end(number: number): void {
    this.#closeTo(0, number);
  }
}

/** The headings and code blocks of a Markdown text, in order. */
export function scanBlocks(text: string): readonly (HeadingBlock | CodeBlock)[] {
  const scan = new BlockScan();
  const lines = splitLines(text);
  // What follows the last line end is no line.
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((line, index) => {
    scan.line(line, index + 1);
  });
  scan.end(lines.length + 1);
  return scan.found;
}
