import { type NotePartName, type NotePartValue, noteParts } from '../record/note-part.ts';
import type { UnreadLine } from './reading.ts';
import { splitLines } from './text-lines.ts';

/** One part of a measurement as a report of tapbench has it for programs: every digit, in base units. */
export type ExactPart = {
  [Name in NotePartName]: { readonly name: Name; readonly value: NotePartValue<Name>; readonly line: number };
}[NotePartName];

export interface ExactBlock {
  readonly parts: readonly ExactPart[];
  readonly notUnderstood: readonly UnreadLine[];
}

const partLine = /^([a-zA-Z]{1,20}) ([{[].*)$/s;
/** No figure of a measurement is larger; products of several such stay numbers. 1e18 ns are 31 years. */
const largest = 1e18;
/** Nor smaller, but zero. */
const smallest = 1e-30;

function isNumberThatOccurs(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= smallest && size <= largest);
}

/** @param value what a schema has taken, so that it is no deeper than that */
function hasOnlyNumbersThatOccur(value: unknown): boolean {
  if (typeof value === 'number') return isNumberThatOccurs(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(hasOnlyNumbersThatOccur);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A table of columns and rows as the list of objects that it stands for. */
function unpacked(value: unknown): unknown {
  if (!isTree(value)) return value;
  const { columns, rows } = value;
  if (!Array.isArray(columns) || !Array.isArray(rows)) return value;
  const names = columns.filter((name) => typeof name === 'string');
  if (names.length < columns.length) return value;
  return rows.map((row: unknown) =>
    Array.isArray(row) && row.length === names.length
      ? Object.fromEntries(names.map((name, place): [string, unknown] => [name, row[place]]))
      : null,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPartName(name: string): name is NotePartName {
  return Object.hasOwn(noteParts, name);
}

function partOf<Name extends NotePartName>(name: Name, json: unknown): NotePartValue<Name> | null {
  const read = noteParts[name].safeParse(unpacked(json));
  if (!read.success || !hasOnlyNumbersThatOccur(read.data)) return null;
  // `noteParts[name]` has made it.
  return read.data as NotePartValue<Name>;
}

function readPart(name: NotePartName, json: string, line: number): ExactPart | null {
  const value = partOf(name, parsedJson(json));
  // Name and value are of one part.
  return value === null ? null : ({ name, value, line } as ExactPart);
}

/** Reads the block of exact parts whose text begins on line `firstLine`, the first of each name. Never throws: what is none of them is listed. */
export function readExactBlock(text: string, firstLine: number): ExactBlock {
  const parts: ExactPart[] = [];
  const notUnderstood: UnreadLine[] = [];
  const names = new Set<string>();
  splitLines(text).forEach((each, index) => {
    const line = firstLine + index;
    const [, name = '', json = ''] = partLine.exec(each) ?? [];
    const part = isPartName(name) && !names.has(name) ? readPart(name, json, line) : null;
    names.add(name);
    if (part !== null) parts.push(part);
    else if (each.trim() !== '') notUnderstood.push({ line, text: each });
  });
  return { parts, notUnderstood };
}

/** The value of the first part of a name; null where there is none. */
export function exactPart<Name extends NotePartName>(
  parts: readonly ExactPart[],
  name: Name,
): NotePartValue<Name> | null {
  const found = parts.find((part) => part.name === name);
  // A part's value is of its name.
  return found === undefined ? null : (found.value as NotePartValue<Name>);
}
