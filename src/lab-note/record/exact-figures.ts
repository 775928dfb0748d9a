import type { WholeMeasurement } from '../../record/measurement.ts';
import type { ExactLine } from '../report-lines.ts';
import type { LeftOutList } from './left-out.ts';
import { shortText } from './left-out.ts';

type Tree = Record<string, unknown>;

/** Fields that an `Exact:` line may give, by their last part. */
const leaves = new Set(
  (
    'bitsPerSecond bytes sentBytes durationNs retransmits meanTcpRoundTripNs id startNs endNs sent lost outOfOrder jitterNs client server ' +
    'messages sentMessages receivedMessages droppedMessages duplicatedMessages outOfOrderMessages messageBytes ' +
    'mean stddev min max p25 p50 p75 p90 p99 p999 p9999 p99999 ' +
    'meanAbsoluteDeviationNs medianAbsoluteDeviationNs semiInterquartileRangeNs coefficientOfVariation standardErrorNs low high ' +
    'roundTrips payloadBytes count timeNs lostEvents tid'
  ).split(' '),
);
const signed = new Set(['low', 'high']);
const whole = new Set(['tid']);
const number = /^-?\d{1,24}(?:\.\d{1,24})?(?:[eE][+-]?\d{1,3})?$/;
/** Doubles that were written and read again differ by less. */
const tolerance = 1e-12;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** The object that the last part of a path stands in; null where the measurement has none. */
function parentOf(tree: Tree, parts: readonly string[]): Tree | null {
  let at: Tree = tree;
  for (const part of parts.slice(0, -1)) {
    const next = Object.hasOwn(at, part) ? at[part] : undefined;
    if (!isTree(next)) return null;
    at = next;
  }
  return Object.hasOwn(at, parts.at(-1) ?? '') ? at : null;
}

const groups: ReadonlySet<string> = new Set(['throughput', 'latency', 'systemCalls', 'work']);

/** A short path is of the measurement's throughput, or of its latency. */
function fullPath(tree: Tree, path: string): string {
  if (groups.has(path.split('.', 1)[0] ?? '')) return path;
  return isTree(tree['throughput']) ? `throughput.${path}` : `latency.${path}`;
}

function parsed(text: string, leaf: string): number | null {
  const value = number.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return null;
  if ((value < 0 && !signed.has(leaf)) || (whole.has(leaf) && !Number.isInteger(value))) return null;
  return value;
}

/** The figures of one measurement, in a copy that may be changed. */
class ExactFigures {
  readonly #tree: Tree;
  readonly #rounding: Record<string, number>;
  readonly #leftOut: LeftOutList;

  constructor(tree: Tree, rounding: Record<string, number>, leftOut: LeftOutList) {
    this.#tree = tree;
    this.#rounding = rounding;
    this.#leftOut = leftOut;
  }

  apply(word: ExactLine['words'][number], line: number): void {
    // What was not measured is no figure.
    if (word.value === 'null') return;
    const path = fullPath(this.#tree, word.path);
    const leaf = path.split('.').at(-1) ?? '';
    const said = `Exact: ${shortText(`${word.path}=${word.value}`)}`;
    const parent = leaves.has(leaf) ? parentOf(this.#tree, path.split('.')) : null;
    const value = parsed(word.value, leaf);
    const printed = parent?.[leaf];
    if (parent === null || value === null || (printed !== null && typeof printed !== 'number')) {
      this.#leftOut.add(line, said, 'the measurement has no such figure');
      return;
    }
    if (printed !== null && !this.#agrees(path, printed, value)) {
      this.#leftOut.add(line, said, `it contradicts the tool's text, which says ${String(printed)}`);
      return;
    }
    parent[leaf] = value;
    Reflect.deleteProperty(this.#rounding, path);
    this.#doubled(path, leaf, value);
  }

  #agrees(path: string, printed: number, value: number): boolean {
    const room = Object.hasOwn(this.#rounding, path) ? (this.#rounding[path] ?? 0) : 0;
    return Math.abs(printed - value) <= room + Math.abs(value) * tolerance;
  }

  /** A round trip is twice its half. */
  #doubled(path: string, leaf: string, half: number): void {
    if (!path.startsWith('latency.halfRoundTripNs.')) return;
    const parent = parentOf(this.#tree, ['latency', 'roundTripNs', leaf]);
    if (parent === null) return;
    parent[leaf] = 2 * half;
    Reflect.deleteProperty(this.#rounding, `latency.roundTripNs.${leaf}`);
  }
}

/**
 * The measurement with the figures of `Exact:` lines, where these agree with the tool's printed text within its rounding. What contradicts it, or
 * is no figure of the measurement, is listed, and the printed figure stays.
 */
export function withExactFigures(
  measurement: WholeMeasurement,
  lines: readonly ExactLine[],
  leftOut: LeftOutList,
): WholeMeasurement {
  if (lines.length === 0) return measurement;
  const copy = structuredClone(measurement);
  const figures = new ExactFigures(copy, copy.noted?.rounding ?? {}, leftOut);
  for (const { words, line } of lines) for (const word of words) figures.apply(word, line);
  return copy;
}
