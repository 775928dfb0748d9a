import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import { type ExperimentDocument, lineAndColumn, type Origin } from './document.ts';
import type { Mistake } from './issue.ts';

/** A mistake as users read it; `offset` sorts them as they stand in the file, flags first. */
export interface PlacedMistake {
  readonly offset: number;
  readonly text: string;
}

/** A mistake at a place of the file. */
export function mistakeAt(document: ExperimentDocument, offset: number, what: string): PlacedMistake {
  return { offset, text: `${lineAndColumn(document, offset)}: ${what}` };
}

/** A mistake of what brought a value: its flag, or its entry of the matrix. */
export function mistakeOf(
  document: ExperimentDocument,
  { label, offset }: Pick<Origin, 'label' | 'offset'>,
  what: string,
): PlacedMistake {
  return offset === null ? { offset: -1, text: `${label}: ${what}` } : mistakeAt(document, offset, `${label}: ${what}`);
}

/** Where a node stands in the file; null for one that the file does not have. */
export function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

/** A key as text, whatever YAML it is written in. */
export function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function isEmpty(node: unknown): boolean {
  return !isNode(node) || (isScalar(node) && node.value === null);
}

interface Child {
  readonly key: unknown;
  readonly value: unknown;
}

function child(parent: unknown, step: string | number): Child | null {
  if (isMap(parent)) {
    const pair = parent.items.find((item) => keyText(item.key) === String(step));
    return isPair(pair) ? { key: pair.key, value: pair.value } : null;
  }
  if (!isSeq(parent)) return null;
  const value = parent.items[Number(step)];
  return value === undefined ? null : { key: null, value };
}

/** Where a mistake stands (`file:line:column`, or the flag that brought it), its path and what it is. */
export function placed(document: ExperimentDocument, mistake: Mistake): PlacedMistake {
  let place: unknown = document.yaml.contents;
  let node: unknown = document.yaml.contents;
  let origin: Origin | null = null;
  for (const [depth, step] of mistake.path.entries()) {
    const next = child(node, step);
    if (next === null) break;
    const isLast = depth === mistake.path.length - 1;
    // An empty value (`vmm:`) has no place of its own: its key has.
    place = (isLast && mistake.isAboutKey) || isEmpty(next.value) ? next.key : next.value;
    node = next.value;
    origin = (isNode(node) ? document.origins.get(node) : undefined) ?? origin;
  }
  const path = mistake.path.join('.');
  const what = path === '' ? mistake.message : `${path}: ${mistake.message}`;
  if (origin === null) return mistakeAt(document, offsetOf(place) ?? 0, what);
  const { factor } = origin;
  // A field that there is not is wrong once, not once for each of its values.
  if (factor !== null && mistake.isAboutKey && mistake.path.length <= factor.depth)
    return mistakeOf(document, factor, what);
  const offset = origin.offset === null ? null : (offsetOf(place) ?? origin.offset);
  return mistakeOf(document, { label: origin.label, offset }, what);
}

/** What brought the value at a path; null where it stands in the file (or nowhere). */
export function originOf(document: ExperimentDocument, path: readonly (string | number)[]): Origin | null {
  let node: unknown = document.yaml.contents;
  let origin: Origin | null = null;
  for (const step of path) {
    const next = child(node, step);
    if (next === null) break;
    node = next.value;
    origin = (isNode(node) ? document.origins.get(node) : undefined) ?? origin;
  }
  return origin;
}
