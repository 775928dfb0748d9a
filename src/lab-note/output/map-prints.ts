import type { BpfMap, MapEntry, MapPrint } from '../reading.ts';

interface OpenMap {
  readonly name: string;
  readonly entries: MapEntry[];
  readonly keys: Set<string>;
  readonly lines: number[];
}

interface OpenPrint {
  readonly time: string | null;
  readonly maps: Map<string, OpenMap>;
}

/** What separates the parts of a key where they are compared. */
const separator = '\u0000';

/** Gathers map entries as they are printed and tells one print from the next: a key that comes again opens a new print. */
export class MapPrintList {
  readonly #prints: OpenPrint[] = [];
  #open: OpenPrint | null = null;
  #time: string | null = null;
  #last: string | null = null;

  get isEmpty(): boolean {
    return this.#prints.length === 0;
  }

  add(name: string, entry: MapEntry): void {
    const key = entry.key.join(separator);
    const known = this.#open?.maps.get(name);
    // A map is printed in one piece: one that comes again after another belongs to the next print.
    const isAgain = known !== undefined && (known.keys.has(key) || this.#last !== name);
    if (this.#open === null || isAgain) this.#openPrint();
    const map = this.#mapOf(name);
    map.entries.push(entry);
    map.keys.add(key);
    map.lines.push(entry.value.line);
    this.#last = name;
  }

  #openPrint(): void {
    this.#open = { time: this.#time, maps: new Map() };
    this.#time = null;
    this.#prints.push(this.#open);
  }

  #mapOf(name: string): OpenMap {
    const maps = this.#open?.maps ?? new Map<string, OpenMap>();
    const map = maps.get(name) ?? { name, entries: [], keys: new Set(), lines: [] };
    maps.set(name, map);
    return map;
  }

  /** A print is over: a heading, a time or the end of the trace has come. */
  endPrint(time: string | null = null): void {
    this.#open = null;
    this.#last = null;
    this.#time = time ?? this.#time;
  }

  prints(): MapPrint[] {
    const prints = this.#prints.map(({ time, maps }) => ({
      time,
      maps: [...maps.values()].map(({ name, entries, lines }): BpfMap => ({ name, entries, lines })),
    }));
    const part = partOf(prints);
    return prints.map((each, place) => ({ ...each, part: part(place) }));
  }
}

function valuesByKey(maps: readonly BpfMap[]): Map<string, number> {
  return new Map(
    maps.flatMap(({ name, entries }) =>
      entries.map(({ key, value }) => [[name, ...key].join(separator), value.value] as const),
    ),
  );
}

/** Each later print has every key of the one before, with no smaller value: nothing was cleared in between. */
function isGrowing(prints: readonly { readonly maps: readonly BpfMap[] }[]): boolean {
  let before = valuesByKey(prints[0]?.maps ?? []);
  let hasGrown = false;
  for (const { maps } of prints.slice(1)) {
    const now = valuesByKey(maps);
    for (const [key, value] of before) {
      const later = now.get(key);
      if (later === undefined || later < value) return false;
      hasGrown ||= later > value;
    }
    hasGrown ||= now.size > before.size;
    before = now;
  }
  return hasGrown;
}

/**
 * A single print is the one at the end of the trace. Of several that only grow the last is the total, and the others
 * say how far it was by then. Several that do not grow were cleared in between: each is an interval, and the last one
 * may be the rest at the end of the trace, so the text leaves it open.
 */
function partOf(prints: readonly { readonly maps: readonly BpfMap[] }[]): (place: number) => MapPrint['part'] {
  const last = prints.length - 1;
  if (last <= 0) return () => 'total';
  if (isGrowing(prints)) return (place) => (place === last ? 'total' : 'interval');
  return (place) => (place === last ? null : 'interval');
}
