/** JSON with the place of every number, so that a figure can say where it stands. */
export type JsonNode =
  | { readonly kind: 'number'; readonly text: string; readonly line: number }
  | { readonly kind: 'string'; readonly value: string; readonly line: number }
  | { readonly kind: 'literal'; readonly value: boolean | null; readonly line: number }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly line: number }
  | {
      readonly kind: 'object';
      readonly entries: ReadonlyMap<string, JsonNode>;
      /** Members whose key came again behind them, in their order. */
      readonly overwritten: readonly { readonly key: string; readonly node: JsonNode }[];
      readonly line: number;
    };

export interface JsonText {
  /** null where not even the first value could be read. */
  readonly node: JsonNode | null;
  /** Place behind what was read. */
  readonly end: number;
  /** False: the text broke off, or became no JSON; `node` holds what was whole before that. */
  readonly isWhole: boolean;
}

/** Deeper than any tool nests; keeps hostile nesting off the stack. */
const deepest = 32;

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainString = /"((?:[^"\\\n]|\\["\\/bfnrtu])*)"/y;
const word = /true|false|null|nan|-nan|inf|-inf/y;

/**
 * Reads one JSON value; of a text that breaks off, what was whole. Of duplicate keys the last counts, and the others are kept beside it.
 * @param start where it begins, and which line that is
 */
export function readJsonText(text: string, start: { readonly place: number; readonly line: number }): JsonText {
  const reader = new JsonTextReader(text, start);
  const node = reader.value(0);
  return { node, end: reader.place, isWhole: reader.isWhole && node !== null };
}

class JsonTextReader {
  place: number;
  isWhole = true;
  readonly #text: string;
  #line: number;

  constructor(text: string, { place, line }: { readonly place: number; readonly line: number }) {
    this.#text = text;
    this.place = place;
    this.#line = line;
  }

  value(depth: number): JsonNode | null {
    this.#skipSpace();
    const character = this.#text[this.place];
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    const line = this.#line;
    if (character === '"') {
      const value = this.#string();
      return value === null ? null : { kind: 'string', value, line };
    }
    return this.#scalar(line);
  }

  #scalar(line: number): JsonNode | null {
    const literal = this.#match(word);
    if (literal !== null) {
      const value = literal[0] === 'true' ? true : literal[0] === 'false' ? false : null;
      return { kind: 'literal', value, line };
    }
    const digits = this.#match(number);
    // A number at the very end of the text may have lost digits.
    if (digits === null || this.place >= this.#text.length) return this.#broken();
    return { kind: 'number', text: digits[0], line };
  }

  #object(depth: number): JsonNode | null {
    const line = this.#line;
    const entries = new Map<string, JsonNode>();
    const overwritten: { key: string; node: JsonNode }[] = [];
    this.#members(depth, '}', () => {
      this.#skipSpace();
      const key = this.#string();
      if (key === null || !this.#eat(':')) {
        this.#broken();
        return false;
      }
      const node = this.value(depth + 1);
      const before = entries.get(key);
      if (before !== undefined && node !== null) overwritten.push({ key, node: before });
      if (node !== null) entries.set(key, node);
      return node !== null;
    });
    return { kind: 'object', entries, overwritten, line };
  }

  #array(depth: number): JsonNode | null {
    const line = this.#line;
    const items: JsonNode[] = [];
    this.#members(depth, ']', () => {
      const node = this.value(depth + 1);
      if (node !== null) items.push(node);
      return node !== null;
    });
    return { kind: 'array', items, line };
  }

  /** What stands between the brackets; stops at the first thing that is no JSON. */
  #members(depth: number, close: '}' | ']', readOne: () => boolean): void {
    this.place += 1;
    if (depth >= deepest) {
      this.#broken();
      return;
    }
    if (this.#eat(close)) return;
    do {
      if (!readOne() || !this.isWhole) {
        this.#broken();
        return;
      }
    } while (this.#eat(','));
    if (!this.#eat(close)) this.#broken();
  }

  #string(): string | null {
    const match = this.#match(plainString);
    if (match === null) return this.#broken();
    const [, inner = ''] = match;
    if (!inner.includes('\\')) return inner;
    try {
      const parsed: unknown = JSON.parse(match[0]);
      return typeof parsed === 'string' ? parsed : null;
    } catch {
      return this.#broken();
    }
  }

  #eat(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.place] !== character) return false;
    this.place += 1;
    return true;
  }

  #skipSpace(): void {
    const match = this.#match(space);
    if (match === null || match[0] === '') return;
    for (const character of match[0]) if (character === '\n') this.#line += 1;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.place;
    const match = pattern.exec(this.#text);
    if (match !== null) this.place = pattern.lastIndex;
    return match;
  }

  #broken(): null {
    this.isWhole = false;
    return null;
  }
}

/** The member of an object; null where `node` is no object or has none of this name. */
export function member(node: JsonNode | null, name: string): JsonNode | null {
  return node?.kind === 'object' ? (node.entries.get(name) ?? null) : null;
}

/** All members of a name, in their order. */
export function membersNamed(node: JsonNode | null, name: string): JsonNode[] {
  if (node?.kind !== 'object') return [];
  const last = node.entries.get(name);
  const before = node.overwritten.filter(({ key }) => key === name).map((each) => each.node);
  return last === undefined ? before : [...before, last];
}

/** The member along a path of names. */
export function memberAt(node: JsonNode | null, ...path: readonly string[]): JsonNode | null {
  return path.reduce<JsonNode | null>(member, node);
}

export function items(node: JsonNode | null): readonly JsonNode[] {
  return node?.kind === 'array' ? node.items : [];
}

export function stringOf(node: JsonNode | null): string | null {
  return node?.kind === 'string' ? node.value : null;
}
