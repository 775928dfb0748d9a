import type { RunSource } from '../../record/run.ts';

export type LeftOut = Extract<RunSource, { kind: 'lab-note' }>['leftOut'][number];

/** Longest text of the note that an entry repeats. */
const longestText = 80;

/** Shortens a piece of the note for a list. */
export function shortText(text: string): string {
  const plain = text.trim();
  return plain.length <= longestText ? plain : `${plain.slice(0, longestText)}...`;
}

/** Gathers what a note has and the record has not. */
export class LeftOutList {
  readonly #entries: LeftOut[] = [];

  add(line: number, what: string, why: string): void {
    this.#entries.push({ line: Math.max(1, line), what, why });
  }

  /** One entry for many lines: its line is the first of them. */
  addLines(lines: readonly number[], what: string, why: string): void {
    const [first] = lines;
    if (first === undefined) return;
    const unique = new Set(lines);
    const last = lines.reduce((most, each) => Math.max(most, each), first);
    const place = unique.size === 1 ? '' : ` (${String(unique.size)} lines, to line ${String(last)})`;
    this.add(
      lines.reduce((least, each) => Math.min(least, each), first),
      what + place,
      why,
    );
  }

  /** In the order of lines. */
  entries(): LeftOut[] {
    return this.#entries.toSorted((a, b) => a.line - b.line);
  }
}
