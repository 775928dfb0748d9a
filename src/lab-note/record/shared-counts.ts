import { firstFrom } from './in-order.ts';
import type { NoteOutput } from './note-output.ts';
import type { OutputPlaces } from './output-places.ts';

/** Lines of counts that belong together: no output stands between them. */
interface CountsStretch {
  /** Line of the counts above the outputs that these are of; 0 where there are none. */
  readonly above: number;
  readonly last: number;
}

/** Tells counts of system calls that stand below several outputs of one kind at once (`run 1 2 3`, then the map): they may be of one, or of all. */
export class SharedCounts {
  readonly #places: OutputPlaces;
  readonly #lines = new Map<string, readonly number[]>();
  readonly #stretches = new Map<string, CountsStretch>();

  constructor(places: OutputPlaces) {
    this.#places = places;
  }

  /** To be asked in the order of lines. @param home the output that is nearest to the counts on this line */
  isShared(home: NoteOutput, line: number): boolean {
    // Each measurement of a report has its own counts.
    if (home.parts.length > 0) return false;
    const key = `${String(home.section)} ${home.reading.kind}`;
    const lines = this.#lines.get(key) ?? this.#linesOf(home);
    this.#lines.set(key, lines);
    const known = this.#stretches.get(key) ?? { above: 0, last: 0 };
    const above = between(lines, known.last, line) > 0 ? known.last : known.above;
    this.#stretches.set(key, { above, last: line });
    return between(lines, above, line) > 1;
  }

  /** The two ways of one transfer are one output. */
  #linesOf({ section, reading }: NoteOutput): readonly number[] {
    const alike = this.#places.inSection(section).filter((each) => each.reading.kind === reading.kind);
    return [...new Set(alike.map(({ line }) => line))];
  }
}

function between(lines: readonly number[], above: number, below: number): number {
  const placeOf = (line: number): number => firstFrom(lines, (each) => each, line);
  return Math.max(0, placeOf(below) - placeOf(above));
}
