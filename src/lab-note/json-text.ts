import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser';

/** JSON with the place of every number, so that a figure can say where it stands. */
export type JsonNode =
  | { readonly kind: 'number'; readonly text: string; readonly line: number }
  | { readonly kind: 'string'; readonly value: string; readonly line: number }
  | { readonly kind: 'literal'; readonly value: boolean | null; readonly line: number }
  | JsonArray
  | JsonObject;

interface JsonArray {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
  readonly line: number;
}

interface JsonObject {
  readonly kind: 'object';
  readonly entries: ReadonlyMap<string, JsonNode>;
  /** Members whose key came again behind them, in their order. */
  readonly overwritten: readonly { readonly key: string; readonly node: JsonNode }[];
  readonly line: number;
}

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

/** Ends the visit: the value is whole, or no more of it can be read. */
class Ended extends Error {}

interface TokenPlace {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

type Open =
  | { readonly node: JsonArray; readonly items: JsonNode[] }
  | {
      readonly node: JsonObject;
      readonly entries: Map<string, JsonNode>;
      readonly overwritten: { key: string; node: JsonNode }[];
      key: string;
    };

/** Gathers one value from what jsonc-parser meets on its way. */
class JsonValue {
  node: JsonNode | null = null;
  end = 0;
  isWhole = false;
  readonly #text: string;
  readonly #open: Open[] = [];
  /** `nan` stood in the place of a value. */
  #isNumberMissing = false;

  constructor(text: string) {
    this.#text = text;
  }

  beginObject(offset: number, line: number): void {
    const [entries, overwritten] = [new Map<string, JsonNode>(), []];
    this.#begin({ node: { kind: 'object', entries, overwritten, line }, entries, overwritten, key: '' }, offset);
  }

  beginArray(offset: number, line: number): void {
    const items: JsonNode[] = [];
    this.#begin({ node: { kind: 'array', items, line }, items }, offset);
  }

  #begin(open: Open, offset: number): void {
    this.#put(open.node, offset);
    if (this.#open.length >= deepest) this.stop(offset);
    this.#open.push(open);
  }

  key(name: string): void {
    const top = this.#open.at(-1);
    if (top !== undefined && 'key' in top) top.key = name;
  }

  close(end: number): void {
    this.#open.pop();
    this.#endAtTop(end);
  }

  scalar(value: unknown, { offset, length, line }: TokenPlace): void {
    const end = offset + length;
    if (typeof value === 'string') this.#put({ kind: 'string', value, line }, offset);
    else if (typeof value === 'number') {
      // A number at the very end of the text may have lost digits.
      if (end >= this.#text.length) this.stop(end);
      this.#put({ kind: 'number', text: this.#text.slice(offset, end), line }, offset);
    } else this.#put({ kind: 'literal', value: typeof value === 'boolean' ? value : null, line }, offset);
    this.#endAtTop(end);
  }

  /** Old versions of iperf3 print what C prints of a number that is none: `nan`, `-nan`, `inf`. Everything else ends the value. */
  error(name: string, { offset, length, line }: TokenPlace): void {
    // A tab in a string.
    if (name === 'InvalidCharacter') return;
    const word = this.#text.slice(offset, offset + length);
    // The scanner takes the sign for a token of its own.
    const isSign = word === '-' && /^-(?:nan|inf)/.test(this.#text.slice(offset, offset + 4));
    if (name === 'InvalidSymbol' && isSign) return;
    if (name === 'InvalidSymbol' && /^(?:nan|inf)$/.test(word)) {
      this.#put({ kind: 'literal', value: null, line }, offset);
      this.#isNumberMissing = true;
    } else if (name === 'ValueExpected' && this.#isNumberMissing) this.#isNumberMissing = false;
    else this.stop(offset);
  }

  stop(end: number): never {
    this.end = end;
    throw new Ended();
  }

  #put(node: JsonNode, offset: number): void {
    if (this.#isNumberMissing) this.stop(offset);
    const top = this.#open.at(-1);
    if (top === undefined) this.node = node;
    else if ('items' in top) top.items.push(node);
    else {
      const before = top.entries.get(top.key);
      if (before !== undefined) top.overwritten.push({ key: top.key, node: before });
      top.entries.set(top.key, node);
    }
  }

  #endAtTop(end: number): void {
    if (this.#open.length > 0) return;
    this.isWhole = true;
    this.stop(end);
  }
}

/**
 * Reads one JSON value; of a text that breaks off, what was whole. Of duplicate keys the last counts, and the others are kept beside it.
 * @param start where it begins, and which line that is
 */
export function readJsonText(whole: string, start: { readonly place: number; readonly line: number }): JsonText {
  const text = whole.slice(start.place);
  const value = new JsonValue(text);
  const placeOf = ([offset, length, line]: readonly [number, number, number, ...unknown[]]): TokenPlace => ({
    offset,
    length,
    line: start.line + line,
  });
  const visitor: JSONVisitor = {
    onObjectBegin: (offset, _length, line) => {
      value.beginObject(offset, start.line + line);
    },
    onArrayBegin: (offset, _length, line) => {
      value.beginArray(offset, start.line + line);
    },
    onObjectProperty: (name) => {
      value.key(name);
    },
    onObjectEnd: (offset, length) => {
      value.close(offset + length);
    },
    onArrayEnd: (offset, length) => {
      value.close(offset + length);
    },
    onLiteralValue: (literal: unknown, ...at) => {
      value.scalar(literal, placeOf(at));
    },
    onError: (code, ...at) => {
      value.error(printParseErrorCode(code), placeOf(at));
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
  return { node: value.node, end: start.place + value.end, isWhole: value.isWhole };
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
