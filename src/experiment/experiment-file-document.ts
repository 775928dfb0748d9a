import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { TapbenchError } from '../record/error.ts';
import type { Mistake } from './experiment-file-issue.ts';

/** A YAML file in memory, with what is needed to say where something in it stands. */
export interface ExperimentDocument {
  /** As the user named it. */
  readonly file: string;
  readonly yaml: Document;
  readonly lines: LineCounter;
  /** Nodes that came from the command line, with the flag as the user wrote it. */
  readonly flags: WeakMap<object, string>;
}

/** Aliases that one file may use: more is an attempt to make a small file large in memory ("billion laughs"). The yaml library's own default. */
const mostAliases = 100;

/** Mistakes shown at once: more tell nothing new. */
const mostMistakes = 20;

/** All mistakes, one a line, as one error. */
export function experimentInvalid(lines: readonly string[], cause?: unknown): TapbenchError {
  const more = lines.length > mostMistakes ? [`... and ${String(lines.length - mostMistakes)} more`] : [];
  return new TapbenchError('EXPERIMENT_INVALID', [...lines.slice(0, mostMistakes), ...more].join('\n'), {
    hint: 'docs/experiment.md has every key with its unit and default.',
    cause,
  });
}

function lineAndColumn(document: ExperimentDocument, offset: number): string {
  const { line, col } = document.lines.linePos(offset);
  return `${document.file}:${String(Math.max(1, line))}:${String(Math.max(1, col))}`;
}

function deepNesting(file: string, cause: unknown): TapbenchError {
  return experimentInvalid([`${file}:1:1: nested too deeply to be read`], cause);
}

function parsed(text: string, lineCounter: LineCounter, file: string): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false });
  } catch (cause) {
    if (cause instanceof RangeError) throw deepNesting(file, cause);
    throw cause;
  }
}

/** Where the yaml library's own words don't fit an experiment. */
const messages: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice in the same map',
  MULTIPLE_DOCS: 'an experiment file holds one document: no further ---',
};

/**
 * Parses the text of an experiment.
 * @throws TapbenchError `EXPERIMENT_INVALID` with the place of every syntax error, duplicate key and unknown tag
 */
export function parseExperimentDocument(text: string, file: string): ExperimentDocument {
  const lines = new LineCounter();
  const yaml = parsed(text, lines, file);
  const document: ExperimentDocument = { file, yaml, lines, flags: new WeakMap() };
  // One slip often makes several errors at one place: the first says most.
  const byOffset = new Map([...yaml.errors, ...yaml.warnings].reverse().map((problem) => [problem.pos[0], problem]));
  const problems = [...byOffset.values()].reverse().map((problem) => {
    const message = messages[problem.code] ?? problem.message;
    return `${lineAndColumn(document, problem.pos[0])}: ${message}`;
  });
  for (const alias of aliases(document)) {
    if (alias.resolve(yaml) !== undefined) continue;
    problems.push(
      `${lineAndColumn(document, alias.range?.[0] ?? 0)}: *${alias.source}: no anchor of this name before it`,
    );
  }
  if (problems.length > 0) throw experimentInvalid(problems);
  if (yaml.contents === null) throw experimentInvalid([`${file}:1:1: the file is empty`]);
  return document;
}

function aliases(document: ExperimentDocument): Alias[] {
  const found: Alias[] = [];
  visit(document.yaml, { Alias: (_key, alias) => void found.push(alias) });
  return found;
}

/** Whether something in the document stands for something else in it (`*name`). */
export function hasAliases(document: ExperimentDocument): boolean {
  return aliases(document).length > 0;
}

/**
 * The document as plain values.
 * @throws TapbenchError `EXPERIMENT_INVALID` where aliases would blow it up
 */
export function plainValue(document: ExperimentDocument): unknown {
  try {
    return document.yaml.toJS({ maxAliasCount: mostAliases });
  } catch (cause) {
    if (cause instanceof RangeError) throw deepNesting(document.file, cause);
    if (!(cause instanceof ReferenceError)) throw cause;
    const place = lineAndColumn(document, aliases(document)[0]?.range?.[0] ?? 0);
    throw experimentInvalid([`${place}: the aliases (*name) of this file make it too large`], cause);
  }
}

/** Follows an alias to what it stands for. */
export function resolved(document: ExperimentDocument, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document.yaml) : node;
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
    const pair = parent.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
    return isPair(pair) ? { key: pair.key, value: pair.value } : null;
  }
  if (!isSeq(parent)) return null;
  const value = parent.items[Number(step)];
  return value === undefined ? null : { key: null, value };
}

/** A mistake as users read it; `offset` sorts them as they stand in the file, flags first. */
export interface PlacedMistake {
  readonly offset: number;
  readonly text: string;
}

/** Where a mistake stands (`file:line:column`, or the flag that brought it), its path and what it is. */
export function placed(document: ExperimentDocument, mistake: Mistake): PlacedMistake {
  let place: unknown = document.yaml.contents;
  let node: unknown = document.yaml.contents;
  let flag: string | null = null;
  for (const [depth, step] of mistake.path.entries()) {
    const next = child(resolved(document, node), step);
    if (next === null) break;
    const isLast = depth === mistake.path.length - 1;
    // An empty value (`vmm:`) has no place of its own: its key has.
    place = (isLast && mistake.isAboutKey) || isEmpty(next.value) ? next.key : next.value;
    node = next.value;
    flag ??= (isNode(node) ? document.flags.get(node) : undefined) ?? null;
  }
  const path = mistake.path.join('.');
  const what = path === '' ? mistake.message : `${path}: ${mistake.message}`;
  if (flag !== null) return { offset: -1, text: `${flag}: ${what}` };
  const offset = (isNode(place) ? place.range?.[0] : null) ?? 0;
  return { offset, text: `${lineAndColumn(document, offset)}: ${what}` };
}

/** The flag that set the value at a path; null where it stands in the file (or nowhere). */
export function flagOf(document: ExperimentDocument, path: readonly (string | number)[]): string | null {
  let node: unknown = document.yaml.contents;
  let flag: string | null = null;
  for (const step of path) {
    const next = child(resolved(document, node), step);
    if (next === null) break;
    node = next.value;
    flag ??= (isNode(node) ? document.flags.get(node) : undefined) ?? null;
  }
  return flag;
}
