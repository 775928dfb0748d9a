import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { wrapped } from './table.ts';

/** How wide, and in which styles. */
export interface Look {
  readonly columns: number;
  readonly paint: Paint;
}

/**
 * Text from anywhere, broken into lines.
 * @param indent of the first line; the others are two deeper
 */
export function wrap(text: string, { columns }: Look, indent: string): string[] {
  return wrapped(printable(text).split(' '), columns, { first: indent, rest: `${indent}  ` });
}

/** Words after a label of their own width. */
export function labelled(label: string, text: string, { columns }: Look): string[] {
  return wrapped(printable(text).split(' '), columns, { first: label, rest: ' '.repeat(label.length) });
}
