import { CST, type Document, isNode, Lexer, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { TapbenchError } from '../../record/error.ts';

/** Where a value came from that does not stand at its own place in the file. */
export interface Origin {
  /** What brought it: a flag as the user wrote it, or an entry of the matrix such as `matrix.nic.mtu[1]`. */
  readonly label: string;
  /** Where that begins in the file; null: it is on the command line. */
  readonly offset: number | null;
  /** The field of the matrix whose value it is, with the number of keys in its path; null for all others. */
  readonly factor: { readonly label: string; readonly offset: number | null; readonly depth: number } | null;
}

/** A YAML file in memory, with what is needed to say where something in it stands. */
export interface ExperimentDocument {
  /** As the user named it. */
  readonly file: string;
  readonly yaml: Document;
  readonly lines: LineCounter;
  /** Of nodes that came from the command line or the matrix. */
  readonly origins: WeakMap<object, Origin>;
}

/** Aliases that one file may use: more is an attempt to make a small file large in memory ("billion laughs"). The yaml library's own default. */
const mostAliases = 100;
/** The same limit on nodes, once aliases are written out. */
const mostNodes = 50_000;

/**
 * Words and signs of one file, white space and comments left out: 256 configurations with 20 fields each have some 20,000. The yaml library compares each key
 * of a map with all others of it, and so takes minutes for 60,000.
 */
const mostTokens = 30_000;
const unread: ReadonlySet<string | null> = new Set(['byte-order-mark', 'space', 'comment', 'newline']);

/** Mistakes shown at once: more tell nothing new. */
const mostMistakes = 20;

/** All mistakes, one a line, as one error. */
export function experimentInvalid(lines: readonly string[], cause?: unknown): TapbenchError {
  const [first = '', ...others] = lines.slice(0, mostMistakes);
  const more = lines.length > mostMistakes ? [`... and ${String(lines.length - mostMistakes)} more`] : [];
  return new TapbenchError('EXPERIMENT_INVALID', first, {
    lines: [...others, ...more],
    hint: 'docs/experiment.md has every key with its unit and default.',
    cause,
  });
}

/** `file:line:column` of an offset. */
export function lineAndColumn(document: ExperimentDocument, offset: number): string {
  const { line, col } = document.lines.linePos(offset);
  return `${document.file}:${String(Math.max(1, line))}:${String(Math.max(1, col))}`;
}

/** Does `work`, and turns what a file that is nested without end makes of it into an error of ours. */
export function withinStack<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(file, cause);
    throw cause;
  }
}

function tooDeep(file: string, cause: unknown): TapbenchError {
  return experimentInvalid([`${file}:1:1: nested too deeply to be read`], cause);
}

/** Before it is read, as that is what takes long. @param where for the message: file, line and column, or a flag */
export function refuseManyTokens(text: string, where: string): void {
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    if (!unread.has(CST.tokenType(token))) tokens += 1;
    if (tokens <= mostTokens) continue;
    const most = mostTokens.toLocaleString('en');
    throw experimentInvalid([`${where}: more than ${most} words and signs: too large for an experiment`]);
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
  refuseManyTokens(text, `${file}:1:1`);
  const lines = new LineCounter();
  const yaml = withinStack(file, () => parseDocument(text, { lineCounter: lines, prettyErrors: false }));
  const document: ExperimentDocument = { file, yaml, lines, origins: new WeakMap() };
  // Where the library's own stack ends, it says so at every level it comes back through.
  const exhausted = yaml.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) throw tooDeep(file, exhausted);
  // One slip often makes several errors at one place: the first says most.
  const byOffset = new Map([...yaml.errors, ...yaml.warnings].reverse().map((problem) => [problem.pos[0], problem]));
  const problems = [...byOffset.values()].reverse().map((problem) => {
    const message = messages[problem.code] ?? problem.message;
    return `${lineAndColumn(document, problem.pos[0])}: ${message}`;
  });
  if (problems.length > 0) throw experimentInvalid(problems);
  if (yaml.contents === null) throw experimentInvalid([`${file}:1:1: the file is empty`]);
  withinStack(file, () => {
    writeOutAliases(document);
  });
  return document;
}

function withoutAnchors<N extends Node>(node: N): N {
  visit(node, {
    Value: (_key, value) => {
      delete value.anchor;
    },
  });
  return node;
}

function countNodes(node: Node): number {
  let count = 0;
  visit(node, { Node: () => void (count += 1) });
  return count;
}

/** Puts a copy in the place of every alias (`*name`), so that changing one place changes no other. The copies keep the place of what they are copies of. */
function writeOutAliases(document: ExperimentDocument): void {
  const anchors = new Map<string, Node>();
  const problems: string[] = [];
  let aliases = 0;
  let nodes = 0;
  visit(document.yaml, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias: (_key, alias, path) => {
      const place = lineAndColumn(document, alias.range?.[0] ?? 0);
      const target = anchors.get(alias.source);
      if (target === undefined) {
        problems.push(`${place}: *${alias.source}: no anchor of this name before it`);
        return undefined;
      }
      aliases += 1;
      if (!path.includes(target)) nodes += countNodes(target);
      if (path.includes(target) || aliases > mostAliases || nodes > mostNodes) {
        throw experimentInvalid([`${place}: the aliases (*name) of this file make it too large`]);
      }
      const copy = target.clone();
      return isNode(copy) ? withoutAnchors(copy) : undefined;
    },
  });
  if (problems.length > 0) throw experimentInvalid(problems);
}

/** The document as plain values. */
export function plainValue(document: ExperimentDocument): unknown {
  return withinStack(document.file, (): unknown => document.yaml.toJS());
}

function nodesOf(yaml: Document): Node[] {
  const nodes: Node[] = [];
  visit(yaml, { Node: (_key, node) => void nodes.push(node) });
  return nodes;
}

/** A copy that can be changed without changing this one. */
export function copyOf(document: ExperimentDocument): ExperimentDocument {
  const yaml = document.yaml.clone();
  const originals = nodesOf(document.yaml);
  for (const [index, copy] of nodesOf(yaml).entries()) {
    const original = originals[index];
    const origin = original === undefined ? undefined : document.origins.get(original);
    if (origin !== undefined) document.origins.set(copy, origin);
  }
  return { ...document, yaml };
}
