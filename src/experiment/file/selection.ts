import { isMap, isSeq } from 'yaml';
import type { Configuration, WorkloadSpec } from '../../record/experiment.ts';
import { windowsOf } from '../../record/windows.ts';
import { type ExperimentDocument, experimentInvalid } from './document.ts';
import { suggestion } from './nearest.ts';

type IsWanted = (workload: { readonly name: string; readonly kind: string }) => boolean;

function wantedBy(words: readonly string[], workloads: readonly WorkloadSpec[], flag: string): IsWanted {
  const known = [...new Set(workloads.flatMap(({ name, kind }) => [name, kind]))];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0 || words.length === 0) {
    throw experimentInvalid([
      `${flag}: "${unknown.join(',')}" is no workload of this experiment: ${suggestion(unknown[0] ?? '', known)}`,
    ]);
  }
  return ({ name, kind }) => words.includes(name) || words.includes(kind);
}

function isKept(item: unknown, isWanted: IsWanted): boolean {
  if (!isMap(item)) return false;
  const window = item.get('together');
  if (isSeq(window)) return window.items.some((one) => isKept(one, isWanted));
  const [kind, name] = [item.get('kind'), item.get('name')].map((value) => (typeof value === 'string' ? value : ''));
  return isWanted({ kind: kind ?? '', name: name === undefined || name === '' ? (kind ?? '') : name });
}

function keepInSource({ yaml }: ExperimentDocument, isWanted: IsWanted): void {
  const list = yaml.get('workloads');
  if (isSeq(list)) list.items = list.items.filter((item) => isKept(item, isWanted));
}

/** A window of several stays as it is where one of them is wanted: its figure is one under that load. */
function keptOf(configuration: Configuration, isWanted: IsWanted): Configuration {
  const { together = [], ...rest } = configuration;
  const windows = windowsOf(configuration).filter((specs) => specs.some(isWanted));
  const workloads = windows.flat();
  const names = new Set(workloads.map(({ name }) => name));
  const shared = together.filter((window) => window.every((name) => names.has(name)));
  return { ...rest, workloads, ...(shared.length === 0 ? {} : { together: shared }) };
}

/**
 * Keeps only the workloads that `--workload` names, with those of their window, in the file's order, in each configuration and in the source.
 * @param words names or kinds
 * @throws TapbenchError `EXPERIMENT_INVALID` where there is no such workload, or a configuration is left without any
 */
export function selectWorkloads(
  document: ExperimentDocument,
  configurations: readonly Configuration[],
  words: readonly string[],
): Configuration[] {
  const flag = `--workload ${words.join(',')}`;
  const workloads = configurations.flatMap((configuration) => configuration.workloads);
  const isWanted = wantedBy(words, workloads, flag);
  const kept = configurations.map((each) => keptOf(each, isWanted));
  const empty = kept.filter((each) => each.workloads.length === 0);
  if (empty.length > 0) {
    throw experimentInvalid(empty.map(({ name }) => `${flag}: configuration ${name} has none of these workloads`));
  }
  keepInSource(document, isWanted);
  return kept;
}
