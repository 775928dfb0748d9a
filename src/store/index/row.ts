import type { SQLOutputValue } from 'node:sqlite';

/** A row of the index as SQLite gives it. */
export type IndexRow = Readonly<Record<string, SQLOutputValue>>;

/** The index holds what we never wrote: it is damaged, and can be rebuilt. */
export class IndexDamage extends Error {
  override readonly name = 'IndexDamage';
}

/** @throws IndexDamage */
export function textOf(row: IndexRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new IndexDamage(`${column} is no text`);
}

/** @throws IndexDamage */
export function numberOf(row: IndexRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new IndexDamage(`${column} is no number`);
}

/** @throws IndexDamage */
export function jsonOf(row: IndexRow, column: string): unknown {
  try {
    return JSON.parse(textOf(row, column));
  } catch (cause) {
    throw new IndexDamage(`${column} is no JSON`, { cause });
  }
}

/** A list of texts that is stored as JSON. @throws IndexDamage */
export function textsOf(row: IndexRow, column: string): string[] {
  const value = jsonOf(row, column);
  if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
  throw new IndexDamage(`${column} is no list of texts`);
}
