import { lineOfFence } from './fence-line.ts';
import type { CodeBlock, HeadingBlock } from './markdown/block.ts';
import { markdownBlocks } from './markdown/markdown-blocks.ts';
import { isPastedHeading } from './pasted-heading.ts';
import { proseParts } from './preformatted.ts';
import { splitLines, withoutQuoteSigns } from './text-lines.ts';

/** A stretch of a note's lines. */
export interface NoteBlock {
  /** `fenced`, `indented` (or `<pre>`): code blocks; `prose`: everything else between headings and code, as it stands. */
  readonly kind: 'fenced' | 'indented' | 'prose';
  /** First word behind the opening fence, in lower case; null where there is none, or a line of the block stands there. */
  readonly language: string | null;
  /** Line of the note on which `text` begins, from 1: line n of `text` is line `firstLine + n - 1` of the note. */
  readonly firstLine: number;
  /** Last line of the block with its fence, from 1. */
  readonly lastLine: number;
  /** Without fences, and without what quotes and lists put before the lines of code. */
  readonly text: string;
  /** False: the note ends before the closing fence. */
  readonly isClosed: boolean;
}

export interface NoteSection {
  /** Plain text of its heading; null for what stands before the first one. */
  readonly heading: string | null;
  /** 1 to 6; 0 for what stands before the first heading. */
  readonly depth: number;
  /** Headings from the outermost to its own. */
  readonly path: readonly string[];
  /** Lines of the section up to the next heading of any depth, from 1. */
  readonly line: number;
  readonly lastLine: number;
  readonly blocks: readonly NoteBlock[];
}

export interface NoteDocument {
  readonly sections: readonly NoteSection[];
  /** Lines of the YAML (or other) front matter, its rules included; 0 where there is none. */
  readonly frontMatterLines: number;
  readonly lineCount: number;
}

interface OpenSection extends NoteSection {
  lastLine: number;
  readonly blocks: NoteBlock[];
}

/** Front matter longer than this is no front matter. */
const longestFrontMatter = 200;

function frontMatterLength(lines: readonly string[]): number {
  const rule = lines[0]?.replace(/^\ufeff/, '').trimEnd();
  if (rule !== '---' && rule !== '+++') return 0;
  const end = lines.slice(1, longestFrontMatter).findIndex((each) => {
    const text = each.trimEnd();
    return text === rule || (rule === '---' && text === '...');
  });
  // A heading or a blank line directly below the rule: it is a thematic break.
  const first = lines[1]?.trim() ?? '';
  return end < 0 || first === '' || first.startsWith('#') ? 0 : end + 2;
}

/** `<pre>` may stand in a quote, whose signs are then no part of it. */
function textOf(lines: readonly string[], isPreformatted: boolean): string {
  return (isPreformatted ? lines.map(withoutQuoteSigns) : lines).join('\n');
}

/** Puts blocks in sections, and the lines between them in blocks of prose. */
class SectionList {
  readonly sections: OpenSection[] = [];
  readonly #lines: readonly string[];
  #next: number;

  constructor(lines: readonly string[], firstLine: number) {
    this.#lines = lines;
    this.#next = firstLine;
  }

  heading({ text, depth, line, lastLine }: HeadingBlock): void {
    this.#prose(line - 1);
    const path = this.sections.at(-1)?.path ?? [];
    const depths = this.#depths.filter((each) => each < depth);
    this.#depths = [...depths, depth];
    this.sections.push({
      heading: text,
      depth,
      path: [...path.slice(0, depths.length), text],
      line,
      lastLine,
      blocks: [],
    });
    this.#next = lastLine + 1;
  }

  /** Depths of the headings on the current path. */
  #depths: number[] = [];

  code({ isFenced, info, line, lastLine, firstLine, lines, isClosed }: CodeBlock): void {
    this.#prose(line - 1);
    const opening = isFenced ? lineOfFence(info) : null;
    const language = opening === null ? (info.split(/[\s{]/, 1)[0]?.toLowerCase() ?? '') : '';
    this.#section(line).blocks.push({
      kind: isFenced ? 'fenced' : 'indented',
      language: language === '' ? null : language,
      firstLine: opening === null ? firstLine : line,
      lastLine,
      text: [...(opening === null ? [] : [opening]), ...lines].join('\n'),
      isClosed,
    });
    this.#next = lastLine + 1;
  }

  #prose(until: number): void {
    let first = this.#next;
    while (first <= until && this.#lines[first - 1]?.trim() === '') first += 1;
    let last = until;
    while (last >= first && this.#lines[last - 1]?.trim() === '') last -= 1;
    if (first > last) return;
    const lines = this.#lines.slice(first - 1, last);
    for (const { isPreformatted, from, to } of proseParts(lines)) {
      this.#section(first).blocks.push({
        kind: isPreformatted ? 'indented' : 'prose',
        language: null,
        firstLine: first + from,
        lastLine: first + to - 1,
        text: textOf(lines.slice(from, to), isPreformatted),
        isClosed: true,
      });
    }
  }

  #section(line: number): OpenSection {
    const last = this.sections.at(-1);
    if (last !== undefined) return last;
    const opening: OpenSection = { heading: null, depth: 0, path: [], line, lastLine: line, blocks: [] };
    this.sections.push(opening);
    return opening;
  }

  end(): readonly NoteSection[] {
    this.#prose(this.#lines.length);
    this.sections.forEach((section, place) => {
      section.lastLine = (this.sections[place + 1]?.line ?? this.#lines.length + 1) - 1;
    });
    return this.sections;
  }
}

/** Reads a Markdown text into sections with their code blocks, and the prose between them. Pure; any text is a note. */
export function readMarkdown(text: string): NoteDocument {
  const lines = splitLines(text);
  const skipped = frontMatterLength(lines);
  const body =
    skipped === 0
      ? text.replace(/^\ufeff/, '')
      : [...lines.slice(0, skipped).map(() => ''), ...lines.slice(skipped)].join('\n');
  const list = new SectionList(lines, skipped + 1);
  for (const block of markdownBlocks(body)) {
    if (block.kind === 'code') list.code(block);
    else if (!isPastedHeading(block)) list.heading(block);
  }
  return { sections: list.end(), frontMatterLines: skipped, lineCount: lines.length };
}
