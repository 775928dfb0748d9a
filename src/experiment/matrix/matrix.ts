import { isMap, isNode, isScalar, isSeq, type Node, stringify } from 'yaml';
import type { ExperimentDocument, Origin } from '../file/document.ts';
import { keyText, mistakeOf, offsetOf, type PlacedMistake } from '../file/place.ts';
import { canonicalPath, type Override } from '../override.ts';

/** One field of one configuration. */
export interface Cell {
  /** Dotted, as the user wrote it. */
  readonly path: string;
  readonly text: string;
  readonly plain: unknown;
  /** What puts it into a copy of the file; the value is to be copied first. */
  readonly override: Override;
}

/** A field with the values it takes by turns. */
export interface Factor {
  readonly path: string;
  readonly origin: Origin;
  readonly cells: readonly Cell[];
}

/** An entry of `exclude` or `include`. */
export interface MatrixEntry {
  readonly origin: Origin;
  /** null for one without. */
  readonly name: string | null;
  readonly cells: readonly Cell[];
}

/** `matrix:` as it stands in the file. */
export interface Matrix {
  readonly origin: Origin;
  readonly factors: readonly Factor[];
  readonly excludes: readonly MatrixEntry[];
  readonly includes: readonly MatrixEntry[];
}

/** A value as text: itself where it is plain, else YAML on one line. */
function textOf(plain: unknown): string {
  if (typeof plain === 'string') return plain;
  return stringify(plain, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

/** A cell of a value that some flag or entry gives to a field. */
export function cellOf(document: ExperimentDocument, override: Override): Cell {
  const plain: unknown = override.value.toJS(document.yaml);
  return { path: override.path.join('.'), text: textOf(plain), plain, override };
}

interface Pair {
  readonly key: string;
  readonly value: Node;
  readonly origin: Origin;
}

/** Pairs of a map that have a value. A flag that brought the map, or one of its values, is their origin. */
function pairsOf(document: ExperimentDocument, node: unknown, { label, flag }: Within): Pair[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isNode(value)) return [];
    const text = keyText(key);
    const set = document.origins.get(value) ?? flag;
    return [
      { key: text, value, origin: set ?? { label: `${label}.${text}`, offset: offsetOf(key) ?? 0, factor: null } },
    ];
  });
}

/** What a part of the matrix is in. */
interface Within {
  readonly label: string;
  readonly flag: Origin | undefined;
}

/** The origin of a value that is for the field of a pair. */
function originIn({ origin }: Pair, path: readonly string[], place: Pick<Origin, 'label' | 'offset'>): Origin {
  const { label, offset } = origin;
  return { ...(offset === null ? { label, offset } : place), factor: { label, offset, depth: path.length } };
}

function factorOf(document: ExperimentDocument, pair: Pair): Factor {
  const { key, value, origin } = pair;
  const path = key.split('.');
  const items = isSeq(value) ? value.items.filter(isNode) : [];
  const cells = items.map((item, index) => {
    const place = { label: `${origin.label}[${String(index)}]`, offset: offsetOf(item) ?? origin.offset };
    return cellOf(document, { origin: originIn(pair, path, place), path, value: item });
  });
  return { path: key, origin, cells };
}

function entryOf(document: ExperimentDocument, node: Node, { label, flag }: Within): MatrixEntry {
  const origin = flag ?? { label, offset: offsetOf(node) ?? 0, factor: null };
  const pairs = pairsOf(document, node, { label, flag });
  const name = pairs.find(({ key }) => key === 'name')?.value;
  const cells = pairs
    .filter(({ key }) => key !== 'name')
    .map((pair) => {
      const path = pair.key.split('.');
      return cellOf(document, { origin: originIn(pair, path, pair.origin), path, value: pair.value });
    });
  return { origin, name: isScalar(name) ? keyText(name) : null, cells };
}

/** Reads `matrix:`, whose shape has been checked; null where the file has none. */
export function readMatrix(document: ExperimentDocument): Matrix | null {
  const { contents } = document.yaml;
  const pair = isMap(contents) ? contents.items.find(({ key }) => keyText(key) === 'matrix') : undefined;
  if (pair === undefined || !isMap(pair.value)) return null;
  const flag = document.origins.get(pair.value);
  const origin = flag ?? { label: 'matrix', offset: offsetOf(pair.key) ?? 0, factor: null };
  const pairs = pairsOf(document, pair.value, { label: 'matrix', flag });
  const entries = (name: 'exclude' | 'include') => {
    const list = pairs.find(({ key }) => key === name);
    const items = isSeq(list?.value) ? list.value.items.filter(isNode) : [];
    const listFlag = list?.origin.offset === null ? list.origin : undefined;
    return items.map((item, index) =>
      entryOf(document, item, { label: `matrix.${name}[${String(index)}]`, flag: listFlag }),
    );
  };
  const factors = pairs.filter(({ key }) => key !== 'exclude' && key !== 'include');
  return {
    origin,
    factors: factors.map((factor) => factorOf(document, factor)),
    excludes: entries('exclude'),
    includes: entries('include'),
  };
}

/** Keys of the file that are about all configurations together. */
export const ownKeys = new Set([
  ...['name', 'description', 'boots', 'seed', 'order', 'budget', 'settle', 'warmup', 'timeout', 'bootTimeout'],
  ...['matrix', 'ceiling'],
]);

/** Why a path can't differ between configurations; null where it can, if there is such a field. */
function pathMistake(path: string): string | null {
  const [first = '', second = ''] = path.split('.');
  if (path.split('.').some((step) => step.trim() === '')) return 'must be a path of keys, such as nic.mtu';
  if (ownKeys.has(first)) return `${first} is of the whole experiment: it can't differ between its configurations`;
  if (first === 'workloads' && /^\d+$/.test(second)) return 'name the workload by its name or kind, not by its place';
  return null;
}

/** Whether one of two fields is the other, or in it. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).every((step, index) => step === b[index]);
}

/** A path as {@link canonicalPath} has it, for all values that it takes. */
function canonical(document: ExperimentDocument, cells: readonly Cell[]): string[] {
  const widest = cells.find(({ override }) => !isScalar(override.value)) ?? cells[0];
  return widest === undefined ? [] : canonicalPath(document, widest.override);
}

/** Fields that stand together: those of all factors, or of one entry. */
export type Fields = readonly { readonly origin: Origin; readonly cells: readonly Cell[] }[];

/** Mistakes of paths by themselves, and of two that are about the same field. */
export function fieldMistakes(document: ExperimentDocument, fields: Fields): PlacedMistake[] {
  const paths = fields.map(({ cells }) => canonical(document, cells));
  return fields.flatMap(({ origin, cells }, index) => {
    const alone = pathMistake(cells[0]?.path ?? '');
    if (alone !== null) return [mistakeOf(document, origin, alone)];
    const other = fields[paths.findIndex((path, before) => before < index && overlap(path, paths[index] ?? []))];
    if (other === undefined) return [];
    return [mistakeOf(document, origin, `${other.origin.label} is about the same field: keep one of the two`)];
  });
}

/** Flags that set what the configurations differ in: one of the two would be lost without a word. */
export function flagMistakes(
  document: ExperimentDocument,
  flags: readonly Override[],
  fields: Fields,
): PlacedMistake[] {
  const paths = fields.map(({ cells }) => canonical(document, cells));
  return flags.flatMap((flag) => {
    const path = canonicalPath(document, flag);
    const field = fields[paths.findIndex((other) => overlap(path, other))];
    if (field === undefined) return [];
    const what = `${field.origin.label} gives its configurations values of their own for this field: set that instead`;
    return [mistakeOf(document, flag.origin, what)];
  });
}
