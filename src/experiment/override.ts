import { Document, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, YAMLMap, type YAMLSeq } from 'yaml';
import { type ExperimentDocument, experimentInvalid, type Origin, refuseManyTokens } from './file/document.ts';
import { suggestion } from './file/nearest.ts';
import { mistakeOf, type PlacedMistake } from './file/place.ts';

/** A value that goes over the one of the file. */
export interface Override {
  readonly origin: Origin;
  /** Keys, and for workloads a name, a kind or an index. */
  readonly path: readonly string[];
  readonly value: Node;
}

/** Maps that have a plain value as their short form, and the keys that it stands for: `trace: off` is `trace: { mode: off }`. */
const shorthands: ReadonlyMap<string, readonly string[]> = new Map([
  ['trace', ['mode']],
  ['offloads', ['csum', 'tso', 'gso', 'mrgRxbuf']],
]);

function flagOrigin(flag: string): Origin {
  return { label: flag, offset: null, factor: null };
}

/** Of a flag whose value is too large to be read. */
const mostShown = 60;

function nodeOf(value: unknown): Node {
  return new Document(value).contents ?? new Scalar(null);
}

/** A flag that sets one field to the text that follows it. */
export function textOverride(flag: string, path: string, text: string): Override {
  return { origin: flagOrigin(`${flag} ${text}`), path: path.split('.'), value: new Scalar(text) };
}

function parsedValue(flag: string, text: string): Node {
  refuseManyTokens(text, `${flag.slice(0, mostShown)}...`);
  const parsed = parseDocument(text, { prettyErrors: false });
  const problem = parsed.errors[0] ?? parsed.warnings[0];
  if (problem !== undefined) throw experimentInvalid([`${flag}: the value is not YAML: ${problem.message}`]);
  try {
    return nodeOf(parsed.toJS());
  } catch (cause) {
    // A name that nothing has, too many of them, or nesting without end.
    if (cause instanceof ReferenceError || cause instanceof RangeError) {
      throw experimentInvalid([`${flag}: the value can't be read: ${cause.message}`], cause);
    }
    throw cause;
  }
}

/**
 * A flag that sets one field to the YAML that follows it.
 * @throws TapbenchError `EXPERIMENT_INVALID` where that is no YAML
 */
export function yamlOverride(flag: string, path: string, text: string): Override {
  const label = `${flag} ${text}`;
  return { origin: flagOrigin(label), path: path.split('.'), value: parsedValue(label, text) };
}

/**
 * A flag that sets one field to a list of what follows it, separated by commas.
 * @throws TapbenchError `EXPERIMENT_INVALID` where a part is no YAML
 */
export function listOverride(flag: string, path: readonly string[], text: string): Override {
  const value = nodeOf(text.split(',').map((part) => parsedValue(flag, part)));
  return { origin: flagOrigin(`${flag} ${text}`), path, value };
}

/** The steps of a dotted path. In the matrix the rest is one key: `matrix.nic.mtu`. */
function stepsOf(path: string): string[] {
  const steps = path.split('.');
  return steps[0] === 'matrix' && steps.length > 1 ? ['matrix', steps.slice(1).join('.')] : steps;
}

/**
 * Reads `path=value`, the argument of `--set`.
 * @param flag `--set`, for messages
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export function readOverride(argument: string, flag = '--set'): Override {
  const label = `${flag} ${argument}`;
  const equals = argument.indexOf('=');
  const path = stepsOf(argument.slice(0, Math.max(0, equals)));
  if (equals < 1 || path.some((step) => step.trim() === '')) {
    throw experimentInvalid([`${label}: must be path=value, for example ${flag} vmm.memory=1G`]);
  }
  return { origin: flagOrigin(label), path, value: parsedValue(label, argument.slice(equals + 1)) };
}

/** The map that a short form stands for. */
function writtenOut(step: string | number, node: Scalar): YAMLMap | null {
  const keys = shorthands.get(String(step));
  if (keys === undefined || (typeof node.value !== 'string' && typeof node.value !== 'boolean')) return null;
  const map = new YAMLMap();
  for (const key of keys) map.set(key, node.clone());
  return map;
}

interface Descent {
  readonly document: ExperimentDocument;
  readonly parent: YAMLMap | YAMLSeq;
  readonly step: string | number;
  readonly origin: Origin;
}

/** The map or list at a step, made where it is missing or short. */
function descend({ document, parent, step, origin }: Descent): unknown {
  const next: unknown = parent.get(step, true);
  const isMissing = next === undefined || (isScalar(next) && next.value === null);
  const made = isMissing ? new YAMLMap() : isScalar(next) ? writtenOut(step, next) : null;
  if (made === null) return next;
  const before = isScalar(next) ? document.origins.get(next) : undefined;
  // What a missing key is made of is of the override; what a short form is made of stays with whoever wrote that.
  if (isMissing || before !== undefined) document.origins.set(made, isMissing ? origin : (before ?? origin));
  parent.set(step, made);
  return made;
}

function entryNames(list: YAMLSeq): string[] {
  return list.items.map((item) => {
    if (!isMap(item)) return '';
    const name = item.get('name') ?? item.get('kind');
    return typeof name === 'string' ? name : '';
  });
}

/** The index that a step means in a list: a number, else the name (else the kind) of an entry. */
function indexOf(list: YAMLSeq, step: string): number | null {
  const index = /^\d+$/.test(step) ? Number(step) : entryNames(list).indexOf(step);
  return index >= 0 && index < list.items.length ? index : null;
}

type Step = { readonly key: string | number } | { readonly mistake: string };

/** What the last step of a path is called in the map or list that it leads into. */
function stepIn(node: unknown, path: readonly string[]): Step {
  const step = path.at(-1) ?? '';
  if (isMap(node)) return { key: step };
  if (isSeq(node)) {
    const index = indexOf(node, step);
    if (index !== null) return { key: index };
    return { mistake: `no entry "${step}": ${suggestion(step, entryNames(node))}, or an index from 0` };
  }
  const before = path.slice(0, -1).join('.');
  return { mistake: `${before === '' ? 'the file' : before} is a plain value: it has no key "${step}"` };
}

/** Sets the last step. A short form that meets a map goes into it, so that the rest of the map stays. */
function put({ document, parent, step, origin }: Descent, value: Node): void {
  const before: unknown = parent.get(step, true);
  const map = isScalar(value) && isMap(before) ? writtenOut(step, value) : null;
  document.origins.set(value, origin);
  if (map === null || !isMap(before)) {
    parent.set(step, value);
    return;
  }
  for (const { key, value: inner } of map.items) {
    if (isScalar(inner)) document.origins.set(inner, origin);
    before.set(key, inner);
  }
}

/** Puts the value of one override into the document; what is wrong with its path, or null. The value must be in no other document. */
export function applyOverride(document: ExperimentDocument, { origin, path, value }: Override): PlacedMistake | null {
  let parent: unknown = document.yaml.contents;
  for (const depth of path.keys()) {
    const step = stepIn(parent, path.slice(0, depth + 1));
    if ('mistake' in step) return mistakeOf(document, origin, step.mistake);
    if (!isMap(parent) && !isSeq(parent)) return null;
    const descent = { document, parent, step: step.key, origin };
    if (depth === path.length - 1) put(descent, value);
    else parent = descend(descent);
  }
  return null;
}

/** A path by which two ways to name the same field are the same text: workloads by index, short forms by their key. */
export function canonicalPath(
  document: ExperimentDocument,
  { path, value }: Pick<Override, 'path' | 'value'>,
): string[] {
  const list: unknown = document.yaml.get('workloads', true);
  const [first = '', second] = path;
  const index = first === 'workloads' && second !== undefined && isSeq(list) ? indexOf(list, second) : null;
  const steps = index === null ? [...path] : [first, String(index), ...path.slice(2)];
  const keys = isScalar(value) ? shorthands.get(steps.at(-1) ?? '') : undefined;
  return keys?.length === 1 ? [...steps, ...keys] : steps;
}
