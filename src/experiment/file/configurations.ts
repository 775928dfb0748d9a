import { dirname, resolve } from 'node:path';
import { isNode, type Node } from 'yaml';
import type { Configuration } from '../../record/experiment.ts';
import type { End } from '../../record/topology.ts';
import type { Variant } from '../matrix/variants.ts';
import { applyOverride } from '../override.ts';
import { copyOf, type ExperimentDocument, experimentInvalid, plainValue } from './document.ts';
import { mistakesOf } from './issue.ts';
import { originOf, type PlacedMistake, placed } from './place.ts';
import { configurationRecord, contradictions } from './resolve.ts';
import { type ExperimentFile, experimentFile } from './schema.ts';

/** All mistakes as one error, in the order of the file. A flag can be wrong at several places: it is said once. */
export function invalid(mistakes: readonly PlacedMistake[]): Error {
  const inOrder = [...mistakes].sort((a, b) => a.offset - b.offset);
  return experimentInvalid([...new Set(inOrder.map((mistake) => mistake.text))]);
}

function hasKey(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

/** Mistakes of the whole file as it stands, its matrix included. */
export function shapeMistakes(document: ExperimentDocument): PlacedMistake[] {
  const value = plainValue(document);
  const result = experimentFile.safeParse(value, { reportInput: true });
  return (result.error?.issues ?? []).flatMap((issue) =>
    mistakesOf(issue, value).map((mistake) => placed(document, mistake)),
  );
}

/** Paths of the file count from the file's folder, paths of flags from where the user stands. A VMM's bare name is left to PATH. */
function withAbsolutePaths(document: ExperimentDocument, file: ExperimentFile): ExperimentFile {
  const absolute = (text: string | null, path: readonly string[]) => {
    if (text === null) return null;
    const isOfFlag = originOf(document, path)?.offset === null;
    return isOfFlag ? resolve(text) : resolve(dirname(document.file), text);
  };
  const program = (binary: string | null, path: readonly string[]) =>
    binary?.includes('/') === true ? absolute(binary, path) : binary;
  const atEnd = (end: End) => {
    const own = file.vmm[end];
    return own?.binary === undefined ? own : { ...own, binary: program(own.binary, ['vmm', end, 'binary']) };
  };
  return {
    ...file,
    vmm: {
      ...file.vmm,
      binary: program(file.vmm.binary, ['vmm', 'binary']),
      client: atEnd('client'),
      server: atEnd('server'),
    },
    guest: {
      ...file.guest,
      kernel: absolute(file.guest.kernel, ['guest', 'kernel']),
      initrd: absolute(file.guest.initrd, ['guest', 'initrd']),
      rootfs: absolute(file.guest.rootfs, ['guest', 'rootfs']),
      modules: absolute(file.guest.modules, ['guest', 'modules']),
    },
  };
}

/** What one variant makes of the file. Contradictions are between two fields, and so may be there in some configurations only. */
type Outcome =
  | { readonly kind: 'file'; readonly file: ExperimentFile }
  | { readonly kind: 'mistakes' | 'contradictions'; readonly mistakes: readonly PlacedMistake[] };

function copyOfNode(node: Node): Node {
  const copy = node.clone();
  return isNode(copy) ? copy : node;
}

function fileOf(document: ExperimentDocument, { cells }: Variant): Outcome {
  const copy = copyOf(document);
  const astray = cells.flatMap(
    ({ override }) => applyOverride(copy, { ...override, value: copyOfNode(override.value) }) ?? [],
  );
  if (astray.length > 0) return { kind: 'mistakes', mistakes: astray };
  const value = plainValue(copy);
  if (hasKey(value, 'matrix')) delete value['matrix'];
  const result = experimentFile.safeParse(value, { reportInput: true });
  if (!result.success) {
    const mistakes = result.error.issues.flatMap((issue) => mistakesOf(issue, value));
    return { kind: 'mistakes', mistakes: mistakes.map((mistake) => placed(copy, mistake)) };
  }
  const mistakes = contradictions(result.data).map((mistake) => placed(copy, mistake));
  if (mistakes.length > 0) return { kind: 'contradictions', mistakes };
  return { kind: 'file', file: withAbsolutePaths(copy, result.data) };
}

/** Names listed in a message that is about several configurations. */
const mostNames = 3;

/** Contradictions with the configurations that have them, where not all do. */
function namedContradictions(outcomes: readonly Outcome[], variants: readonly Variant[]): PlacedMistake[] {
  const byText = new Map<string, { mistake: PlacedMistake; names: string[] }>();
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind !== 'contradictions') continue;
    for (const mistake of outcome.mistakes) {
      const known = byText.get(mistake.text) ?? { mistake, names: [] };
      byText.set(mistake.text, { mistake, names: [...known.names, variants[index]?.name ?? ''] });
    }
  }
  return [...byText.values()].map(({ mistake, names }) => {
    if (names.length === variants.length) return mistake;
    const more = names.length > mostNames ? ` and ${String(names.length - mostNames)} more` : '';
    return { ...mistake, text: `${mistake.text} (in ${names.slice(0, mostNames).join(', ')}${more})` };
  });
}

/**
 * Checks the file once for each configuration, with the values of that one in their places.
 * @returns the configurations, and the file as the first of them has it
 * @throws TapbenchError `EXPERIMENT_INVALID` with every mistake of every configuration, each once
 */
export function configurationsOf(
  document: ExperimentDocument,
  variants: readonly Variant[],
): { file: ExperimentFile; configurations: Configuration[] } {
  const outcomes = variants.map((variant) => fileOf(document, variant));
  const mistakes = outcomes.flatMap((outcome) => (outcome.kind === 'mistakes' ? outcome.mistakes : []));
  const all = [...mistakes, ...namedContradictions(outcomes, variants)];
  if (all.length > 0) throw invalid(all);
  const files = outcomes.flatMap((outcome) => (outcome.kind === 'file' ? [outcome.file] : []));
  const configurations = files.map((file, index) => {
    const { name = '', cells = [] } = variants[index] ?? {};
    const factors = Object.fromEntries(cells.map(({ path, text }) => [path, text]));
    return configurationRecord(file, { name, factors });
  });
  const [file] = files;
  if (file === undefined) throw experimentInvalid([`${document.file}: no configurations`]);
  return { file, configurations };
}
