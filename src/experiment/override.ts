import { isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { type ExperimentDocument, experimentInvalid, resolved } from './experiment-file-document.ts';
import { suggestion } from './experiment-file-nearest.ts';

/** A value that the command line puts over the one of the file. */
export interface Override {
  /** The flag as the user wrote it, for messages. */
  readonly flag: string;
  /** Keys, and for workloads a name or an index. */
  readonly path: readonly string[];
  /** YAML text; `isText`: taken as it stands. */
  readonly value: string;
  readonly isText: boolean;
}

/** Keys whose plain value is short for one key of a map: `trace: off` for `trace: { mode: off }`. */
const shorthands: Readonly<Record<string, string>> = { trace: 'mode' };

/**
 * Reads the argument of `--set`.
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export function readOverride(argument: string): Override {
  const flag = `--set ${argument}`;
  const equals = argument.indexOf('=');
  const path = argument.slice(0, Math.max(0, equals)).split('.');
  if (equals < 1 || path.some((step) => step.trim() === '')) {
    throw experimentInvalid([`${flag}: must be path=value, for example --set vmm.memory=1G`]);
  }
  return { flag, path, value: argument.slice(equals + 1), isText: false };
}

/** The value as a node of its own, marked as coming from the flag. */
function valueNode(document: ExperimentDocument, override: Override): Node {
  const { flag, value, isText } = override;
  if (isText) return marked(document, document.yaml.createNode(value), flag);
  const parsed = parseDocument(value, { prettyErrors: false });
  const problem = parsed.errors[0] ?? parsed.warnings[0];
  if (problem !== undefined) throw experimentInvalid([`${flag}: the value is not YAML: ${problem.message}`]);
  return marked(document, document.yaml.createNode(parsed.toJS()), flag);
}

function marked<N extends Node>(document: ExperimentDocument, node: N, flag: string): N {
  document.flags.set(node, flag);
  return node;
}

interface Descent {
  readonly parent: YAMLMap | YAMLSeq;
  readonly step: string | number;
  readonly flag: string;
}

/** The map or list at a step, made where it is missing. An alias is replaced by a copy first: what it points at must not change with it. */
function descend(document: ExperimentDocument, { parent, step, flag }: Descent): unknown {
  let next: unknown = parent.get(step, true);
  if (isAlias(next)) {
    const target = resolved(document, next);
    next = isNode(target) ? target.clone() : target;
    if (isNode(next) && 'anchor' in next) delete next.anchor;
    parent.set(step, next);
  }
  const inner = shorthands[String(step)];
  if (isScalar(next) && typeof next.value === 'string' && inner !== undefined) {
    const map = document.yaml.createNode({}) as YAMLMap;
    map.set(inner, next);
    next = map;
    parent.set(step, next);
  }
  if (next === undefined || (isScalar(next) && next.value === null)) {
    next = marked(document, document.yaml.createNode({}), flag);
    parent.set(step, next);
  }
  return next;
}

function entryNames(document: ExperimentDocument, list: YAMLSeq): string[] {
  return list.items.map((item) => {
    const map = resolved(document, item);
    if (!isMap(map)) return '';
    const name = map.get('name') ?? map.get('kind');
    return typeof name === 'string' ? name : '';
  });
}

/** The index that a step means in a list: a number, or the name (else the kind) of an entry. */
function indexOf(list: YAMLSeq, names: readonly string[], step: string): number | null {
  const index = /^\d+$/.test(step) ? Number(step) : names.indexOf(step);
  return index >= 0 && index < list.items.length ? index : null;
}

/** What a step of the path is called in the map or list that it leads into. */
function keyIn(
  document: ExperimentDocument,
  node: unknown,
  { flag, path }: Pick<Override, 'flag' | 'path'>,
): string | number {
  const step = path.at(-1) ?? '';
  if (isMap(node)) return step;
  if (isSeq(node)) {
    const names = entryNames(document, node);
    const index = indexOf(node, names, step);
    if (index !== null) return index;
    throw experimentInvalid([`${flag}: no entry "${step}": ${suggestion(step, names)}, or an index from 0`]);
  }
  const before = path.slice(0, -1).join('.');
  throw experimentInvalid([
    `${flag}: ${before === '' ? 'the file' : before} is a plain value: it has no key "${step}"`,
  ]);
}

/**
 * Puts the value of one override into the document.
 * @throws TapbenchError `EXPERIMENT_INVALID` naming the flag
 */
export function applyOverride(document: ExperimentDocument, override: Override): void {
  const value = valueNode(document, override);
  let parent: unknown = document.yaml.contents;
  for (const depth of override.path.keys()) {
    const step = keyIn(document, parent, { ...override, path: override.path.slice(0, depth + 1) });
    if (!isMap(parent) && !isSeq(parent)) return;
    if (depth === override.path.length - 1) parent.set(step, value);
    else parent = descend(document, { parent, step, flag: override.flag });
  }
}
