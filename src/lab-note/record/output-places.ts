import type { ReadNote } from '../read-note.ts';
import { firstFrom } from './in-order.ts';
import type { NoteOutput } from './note-output.ts';
import { SectionTree } from './section-tree.ts';

const kindWords: readonly (readonly [NoteOutput['reading']['kind'], RegExp])[] = [
  ['transfer', /throughput|bandwidth|iperf|bulk/i],
  ['latency', /latency|sockperf|ping-?pong|round.?trip|small request/i],
];

/** Finds the output that something else in a note belongs to. */
export class OutputPlaces {
  readonly outputs: readonly NoteOutput[];
  readonly #tree: SectionTree;
  readonly #bySection = new Map<number, NoteOutput[]>();
  readonly #note: ReadNote;

  constructor(note: ReadNote, outputs: readonly NoteOutput[]) {
    this.#note = note;
    this.outputs = outputs;
    this.#tree = new SectionTree(note.sections);
    for (const output of outputs) {
      const known = this.#bySection.get(output.section);
      if (known === undefined) this.#bySection.set(output.section, [output]);
      else known.push(output);
    }
  }

  inSection(section: number): readonly NoteOutput[] {
    return this.#bySection.get(section) ?? [];
  }

  /** The last output of a section above the line, else the first below it. */
  nearest(section: number, line: number): NoteOutput | null {
    const own = this.inSection(section);
    const below = firstFrom(own, (output) => output.line, line + 1);
    return own[below - 1] ?? own[0] ?? null;
  }

  #kindOf(section: number): NoteOutput['reading']['kind'] | null {
    for (const heading of (this.#note.sections[section]?.path ?? []).toReversed()) {
      const named = kindWords.filter(([, pattern]) => pattern.test(heading));
      if (named.length === 1) return named[0]?.[0] ?? null;
    }
    return null;
  }

  /** In its own section, the nearest one around it, one that shares a heading with it; else by the words of its headings. */
  home(section: number, line: number): NoteOutput | null {
    const around = this.#tree.enclosing(section).find((place) => this.inSection(place).length > 0);
    if (around !== undefined) return this.nearest(around, line);
    const kind = this.#kindOf(section);
    const fits = (output: NoteOutput): boolean => kind === null || output.reading.kind === kind;
    for (const place of this.#tree.neighbours(section)) {
      const own = this.inSection(place).filter(fits);
      const found = place < section ? own.at(-1) : own[0];
      if (found !== undefined) return found;
    }
    if (kind === null) return null;
    const topology = this.#note.sections[section]?.topology;
    const alike = this.outputs.filter((each) => fits(each) && this.#note.sections[each.section]?.topology === topology);
    return alike.findLast((each) => each.line < line) ?? alike[0] ?? null;
  }
}
