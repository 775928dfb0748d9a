import { isMap } from 'yaml';
import type { Configuration, Experiment } from '../../record/experiment.ts';
import { packageRoot } from '../built-in.ts';
import type { Variant } from '../matrix/variants.ts';
import { chosenBoots } from './boots.ts';
import { withCeilings } from './ceiling.ts';
import { applyChoice, type ExperimentChoice } from './choice.ts';
import { configurationsOf, invalid } from './configurations.ts';
import { type ExperimentDocument, experimentInvalid, parseExperimentDocument, withinStack } from './document.ts';
import { keyText, mistakeAt, offsetOf, originOf, type PlacedMistake } from './place.ts';
import { experimentRecord } from './resolve.ts';
import type { ExperimentFile } from './schema.ts';
import { selectWorkloads } from './selection.ts';
import { type ExperimentText, readExperimentText } from './text.ts';
import { variantsOf, writeVariants } from './variants.ts';

export type { ExperimentChoice, VariantChoice } from './choice.ts';

export interface LoadedExperiment {
  readonly experiment: Experiment;
  /** YAML, as the user wrote it, with what the command line changed. */
  readonly source: string;
}

/** Pairs of configurations that turn out to be the same though nobody asked for that: comparing them would look like a result. */
function twins(configurations: readonly Configuration[], variants: readonly Variant[]): string[] {
  const first = new Map<string, string>();
  return configurations.flatMap((configuration, index) => {
    if (variants[index]?.mayRepeat === true) return [];
    const content = JSON.stringify({ ...configuration, name: '', factors: {} });
    const other = first.get(content);
    first.set(content, other ?? configuration.name);
    return other === undefined ? [] : [`${other} and ${configuration.name} are the same configuration`];
  });
}

function twinMistakes(document: ExperimentDocument, same: readonly string[]): PlacedMistake[] {
  const { contents } = document.yaml;
  const pair = isMap(contents) ? contents.items.find(({ key }) => keyText(key) === 'matrix') : undefined;
  const offset = offsetOf(pair?.key) ?? 0;
  return same.map((what) => mistakeAt(document, offset, `matrix: ${what}: to boot one twice, name it in include`));
}

/** The configurations with the workloads that the command line wants. */
function chosenConfigurations(
  document: ExperimentDocument,
  all: readonly Configuration[],
  { variants, words }: { variants: readonly Variant[]; words: readonly string[] | undefined },
): readonly Configuration[] {
  const before = twins(all, variants);
  if (before.length > 0) throw invalid(twinMistakes(document, before));
  if (words === undefined) return all;
  const configurations = selectWorkloads(document, all, words);
  const after = twins(configurations, variants);
  const flag = `--workload ${words.join(',')}`;
  if (after.length > 0) throw experimentInvalid(after.map((what) => `${flag} leaves out what they differ in: ${what}`));
  return configurations;
}

/** The boots that the file asks for. A budget of the command line goes over them, as all its flags do. */
function askedBoots(document: ExperimentDocument, { boots, budget }: ExperimentFile): number | null {
  const isOfFlag = (key: string) => originOf(document, [key])?.offset === null;
  return budget !== null && isOfFlag('budget') && !isOfFlag('boots') ? null : boots;
}

function loaded({ text, file, fallbackName }: ExperimentText, choice: ExperimentChoice): LoadedExperiment {
  const document = parseExperimentDocument(text, file);
  const overrides = applyChoice(document, choice);
  const variants = variantsOf(document, choice, overrides);
  const { file: read, configurations: all } = configurationsOf(document, variants);
  const { workloads } = choice;
  const chosen = chosenConfigurations(document, all, { variants, words: workloads });
  const configurations = read.ceiling ? withCeilings(document, chosen) : [...chosen];
  const whole = experimentRecord(read, { name: fallbackName, configurations });
  const boots = chosenBoots(document, whole, askedBoots(document, read));
  if ('mistake' in boots) throw invalid([boots.mistake]);
  if (choice.variants !== undefined) writeVariants(document, variants);
  const isChanged = overrides.length > 0 || workloads !== undefined || choice.variants !== undefined;
  return { experiment: { ...whole, ...boots }, source: isChanged ? String(document.yaml) : text };
}

/**
 * Reads an experiment, puts the command line's choices over it, checks it and fills in the defaults.
 * @throws TapbenchError `EXPERIMENT_INVALID`: every mistake on a line of its own, as `file:line:column: path: what is wrong`, or with the flag in place of the file
 */
export async function loadExperiment(choice: ExperimentChoice): Promise<LoadedExperiment> {
  const { nameOrPath, text: given } = choice;
  const text =
    given === undefined
      ? await readExperimentText(nameOrPath, choice.packageRoot ?? packageRoot())
      : { text: given, file: nameOrPath ?? 'experiment', fallbackName: 'experiment' };
  return withinStack(text.file, () => loaded(text, choice));
}
