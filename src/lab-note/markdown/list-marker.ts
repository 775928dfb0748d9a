import type { LineCursor } from './line-cursor.ts';

const bullet = /^[*+-]/;
const ordered = /^(\d{1,9})[.)]/;
/** More blanks than this behind a marker begin indented code in the item. */
const mostBlanks = 4;

/**
 * Reads a list marker and moves behind it and its blanks.
 * @returns the columns that the item's further lines are indented by; null, the cursor unmoved, where there is no marker
 */
export function listMarker(cursor: LineCursor, isInParagraph: boolean): number | null {
  const { offset, indent } = cursor.next();
  const rest = cursor.text.slice(offset, offset + 11);
  const number = ordered.exec(rest);
  const marker = bullet.exec(rest)?.[0] ?? number?.[0];
  if (marker === undefined || (isInParagraph && number !== null && Number(number[1]) !== 1)) return null;
  const after = cursor.text[offset + marker.length];
  if (after !== undefined && after !== ' ' && after !== '\t') return null;
  if (isInParagraph && cursor.text.slice(offset + marker.length).trim() === '') return null;
  cursor.toNext();
  cursor.skip(marker.length);
  const back = cursor.mark();
  const from = cursor.column;
  while (cursor.column - from <= mostBlanks && cursor.isAtBlank()) cursor.skipColumns(1);
  const blanks = cursor.column - from;
  const isEmpty = cursor.peek() === undefined;
  if (blanks > mostBlanks || blanks < 1 || isEmpty) {
    back();
    cursor.skipColumns(1);
    return indent + marker.length + 1;
  }
  return indent + marker.length + blanks;
}
