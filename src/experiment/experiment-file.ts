import { dirname, resolve } from 'node:path';
import { isMap, isSeq } from 'yaml';
import type { Experiment } from '../record/experiment.ts';
import { packageRoot } from './built-in.ts';
import {
  type ExperimentDocument,
  experimentInvalid,
  flagOf,
  hasAliases,
  parseExperimentDocument,
  placed,
  plainValue,
} from './experiment-file-document.ts';
import { type Mistake, mistakesOf } from './experiment-file-issue.ts';
import { suggestion } from './experiment-file-nearest.ts';
import { contradictions, experimentRecord } from './experiment-file-resolve.ts';
import { type ExperimentFile, experimentFile } from './experiment-file-schema.ts';
import { readExperimentText } from './experiment-file-text.ts';
import { applyOverride, type Override, readOverride } from './override.ts';

/** What the command line says about the experiment; texts are as the user typed them. */
export interface ExperimentChoice {
  /** A built-in's name or a path; null: the default. */
  readonly nameOrPath: string | null;
  /** Arguments of `--set`. */
  readonly overrides: readonly string[];
  /** `--duration`: of every workload. */
  readonly duration?: string | undefined;
  /** `--boots`. */
  readonly boots?: string | undefined;
  /** `--workload`: only these, by name or kind. */
  readonly workloads?: readonly string[] | undefined;
  /** `--trace`. */
  readonly trace?: string | undefined;
  /** `--trace-timing`. */
  readonly traceTiming?: boolean | undefined;
  /** `--guest.kernel`, a path. */
  readonly guestKernel?: string | undefined;
  /** `--guest.initrd`, a path. */
  readonly guestInitrd?: string | undefined;
  /** `--timeout`: of the whole run. */
  readonly timeout?: string | undefined;
  /** Folder of the package, for the built-ins. */
  readonly packageRoot?: string;
}

export interface LoadedExperiment {
  readonly experiment: Experiment;
  /** YAML, as the user wrote it, with what the command line changed. */
  readonly source: string;
}

/** The flags that are short for a `--set`, in the order in which they apply: after the `--set`s of the user. */
function flagOverrides(choice: ExperimentChoice): Override[] {
  const texts: readonly (readonly [flag: string, path: string, value: string | undefined])[] = [
    ['--trace', 'trace.mode', choice.trace],
    ['--guest.kernel', 'guest.kernel', choice.guestKernel],
    ['--guest.initrd', 'guest.initrd', choice.guestInitrd],
    ['--timeout', 'timeout', choice.timeout],
  ];
  const overrides: Override[] = texts.flatMap(([flag, path, value]) =>
    value === undefined ? [] : [{ flag: `${flag} ${value}`, path: path.split('.'), value, isText: true }],
  );
  const { boots } = choice;
  if (boots !== undefined) overrides.push({ flag: `--boots ${boots}`, path: ['boots'], value: boots, isText: false });
  if (choice.traceTiming === true) {
    overrides.push({ flag: '--trace-timing', path: ['trace', 'timing'], value: 'true', isText: false });
  }
  return overrides;
}

function durationOverrides(document: ExperimentDocument, duration: string | undefined): Override[] {
  const workloads = document.yaml.get('workloads');
  if (duration === undefined || !isSeq(workloads)) return [];
  return workloads.items.map((_, index) => ({
    flag: `--duration ${duration}`,
    path: ['workloads', String(index), 'duration'],
    value: duration,
    isText: true,
  }));
}

function override(document: ExperimentDocument, choice: ExperimentChoice): void {
  const overrides = choice.overrides.map(readOverride);
  const { yaml } = document;
  // The default workloads must stand in the document to be reached by a path.
  if (isMap(yaml.contents) && !yaml.has('workloads')) {
    yaml.set('workloads', yaml.createNode([{ kind: 'iperf3' }, { kind: 'sockperf' }]));
  }
  for (const each of durationOverrides(document, choice.duration)) applyOverride(document, each);
  for (const each of [...overrides, ...flagOverrides(choice)]) applyOverride(document, each);
}

function invalid(document: ExperimentDocument, mistakes: readonly Mistake[]): Error {
  // `--duration` can be wrong for every workload: say it once.
  const inOrder = mistakes.map((mistake) => placed(document, mistake)).sort((a, b) => a.offset - b.offset);
  return experimentInvalid([...new Set(inOrder.map((mistake) => mistake.text))]);
}

function validated(document: ExperimentDocument): ExperimentFile {
  const value = plainValue(document);
  const result = experimentFile.safeParse(value, { reportInput: true });
  if (!result.success)
    throw invalid(
      document,
      result.error.issues.flatMap((issue) => mistakesOf(issue, value)),
    );
  const mistakes = contradictions(result.data);
  if (mistakes.length > 0) throw invalid(document, mistakes);
  return result.data;
}

/** Paths of the file count from the file's folder, paths of flags from where the user stands. A VMM's bare name is left to PATH. */
function withAbsolutePaths(document: ExperimentDocument, file: ExperimentFile): ExperimentFile {
  const absolute = (text: string | null, path: readonly string[]) => {
    if (text === null) return null;
    return flagOf(document, path) === null ? resolve(dirname(document.file), text) : resolve(text);
  };
  const { binary } = file.vmm;
  return {
    ...file,
    vmm: { ...file.vmm, binary: binary?.includes('/') === true ? absolute(binary, ['vmm', 'binary']) : binary },
    guest: {
      ...file.guest,
      kernel: absolute(file.guest.kernel, ['guest', 'kernel']),
      initrd: absolute(file.guest.initrd, ['guest', 'initrd']),
    },
  };
}

/** Takes the workloads that are not kept out of the source. */
function keepWorkloads(document: ExperimentDocument, isKept: readonly boolean[]): void {
  const { yaml } = document;
  // A list item may hold the anchor that another one points at: write such a file out in full first.
  if (hasAliases(document)) yaml.contents = yaml.createNode(plainValue(document));
  const list = yaml.get('workloads');
  if (isSeq(list)) list.items = list.items.filter((_, index) => isKept[index] === true);
}

/** Keeps only the workloads that `--workload` names, in the file's order, in the record and in the source. */
function select(document: ExperimentDocument, experiment: Experiment, wanted: readonly string[]): Experiment {
  const known = [...new Set(experiment.workloads.flatMap((workload) => [workload.name, workload.kind]))];
  const unknown = wanted.filter((word) => !known.includes(word));
  if (unknown.length > 0 || wanted.length === 0) {
    throw experimentInvalid([
      `--workload ${wanted.join(',')}: "${unknown.join(',')}" is no workload of this experiment: ${suggestion(unknown[0] ?? '', known)}`,
    ]);
  }
  const isWanted = ({ name, kind }: Experiment['workloads'][number]) => wanted.includes(name) || wanted.includes(kind);
  keepWorkloads(document, experiment.workloads.map(isWanted));
  return { ...experiment, workloads: experiment.workloads.filter(isWanted) };
}

/**
 * Reads an experiment, puts the command line's choices over it, checks it and fills in the defaults.
 * @throws TapbenchError `EXPERIMENT_INVALID`: every mistake on a line of its own, as `file:line:column: path: what is wrong`, or with the flag in place of the file
 */
export async function loadExperiment(choice: ExperimentChoice): Promise<LoadedExperiment> {
  const { text, file, fallbackName } = await readExperimentText(choice.nameOrPath, choice.packageRoot ?? packageRoot());
  const document = parseExperimentDocument(text, file);
  override(document, choice);
  const whole = experimentRecord(withAbsolutePaths(document, validated(document)), fallbackName);
  const experiment = choice.workloads === undefined ? whole : select(document, whole, choice.workloads);
  return { experiment, source: String(document.yaml) };
}
