import type { ReadSection } from '../read-note.ts';

/** How far to look among neighbours: notes have a few sections for one thing. */
const mostNeighbours = 60;

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Which sections stand in which, and which stand near to each other. */
export class SectionTree {
  readonly #sections: readonly ReadSection[];
  readonly #parents: (number | null)[] = [];

  constructor(sections: readonly ReadSection[]) {
    this.#sections = sections;
    const open: number[] = [];
    sections.forEach(({ path }, place) => {
      while (open.length > 0 && !this.#isInside(path, open.at(-1) ?? 0)) open.pop();
      this.#parents.push(open.at(-1) ?? null);
      open.push(place);
    });
  }

  #isInside(path: readonly string[], place: number): boolean {
    const outer = this.#sections[place]?.path ?? [];
    return outer.length < path.length && commonLength(outer, path) === outer.length;
  }

  /** The section itself, then those around it, the nearest first. */
  enclosing(place: number): number[] {
    const found = [place];
    for (let at = this.#parents[place] ?? null; at !== null; at = this.#parents[at] ?? null) found.push(at);
    return found;
  }

  /**
   * Sections that share a heading with it, those that share the most first; of these the last before it, then the first behind it.
   * @param isWanted which sections are looked for
   */
  neighbours(place: number, isWanted: (at: number) => boolean = () => true): number[] {
    const path = this.#sections[place]?.path ?? [];
    const isNear = (at: number): boolean => path.length > 0 && this.#sections[at]?.path[0] === path[0];
    const found: { at: number; length: number; isBefore: boolean }[] = [];
    const add = (at: number): void => {
      if (!isWanted(at)) return;
      found.push({ at, length: commonLength(this.#sections[at]?.path ?? [], path), isBefore: at < place });
    };
    for (let at = place - 1; at >= 0 && place - at <= mostNeighbours && isNear(at); at -= 1) add(at);
    for (let at = place + 1; at < this.#sections.length && at - place <= mostNeighbours && isNear(at); at += 1) add(at);
    found.sort(
      (a, b) =>
        b.length - a.length ||
        Number(b.isBefore) - Number(a.isBefore) ||
        Math.abs(a.at - place) - Math.abs(b.at - place),
    );
    return found.map(({ at }) => at);
  }
}
