import { isMap, isScalar, isSeq, Scalar, YAMLMap, type YAMLSeq } from 'yaml';
import { usualKinds } from '../../workload/workloads.ts';
import { applyOverride, listOverride, type Override, readOverride, textOverride, yamlOverride } from '../override.ts';
import { type ExperimentDocument, experimentInvalid } from './document.ts';

/** A configuration that the command line gives in place of the file's matrix. */
export interface VariantChoice {
  /** Of the configuration; its flag is this with two dashes. */
  readonly name: string;
  /** As arguments of `--set`. */
  readonly overrides: readonly string[];
}

/** What the command line says about the experiment; texts are as the user typed them. */
export interface ExperimentChoice {
  /** A built-in's name or a path; null: the default. */
  readonly nameOrPath: string | null;
  /** YAML that is in no file, in place of the file's; `nameOrPath` is then what messages call it. */
  readonly text?: string | undefined;
  /** Arguments of `--set`. */
  readonly overrides: readonly string[];
  /** `--duration`: of every workload. */
  readonly duration?: string | undefined;
  /** `--boots`. */
  readonly boots?: string | undefined;
  /** `--budget`. */
  readonly budget?: string | undefined;
  /** `--order`. */
  readonly order?: string | undefined;
  /** `--seed`. */
  readonly seed?: string | undefined;
  /** `--workload`: only these, by name or kind. */
  readonly workloads?: readonly string[] | undefined;
  /** `--pairs`: numbers with commas, a configuration each. */
  readonly pairs?: string | undefined;
  /** `--ceiling` (true), `--no-ceiling` (false). */
  readonly ceiling?: boolean | undefined;
  /** `--trace`. */
  readonly trace?: string | undefined;
  /** `--trace-timing`. */
  readonly traceTiming?: boolean | undefined;
  /** `--guest.kernel`, a path. */
  readonly guestKernel?: string | undefined;
  /** `--guest.initrd`, a path. */
  readonly guestInitrd?: string | undefined;
  /** `--guest.rootfs`, a path. */
  readonly guestRootfs?: string | undefined;
  /** `--timeout`: of the whole run. */
  readonly timeout?: string | undefined;
  /** Configurations in place of the file's matrix. They may be the same: that is how the noise of a host is seen. */
  readonly variants?: readonly VariantChoice[] | undefined;
  /** Folder of the package, for the built-ins. */
  readonly packageRoot?: string;
}

/** A flag without a value. */
function switchOverride(label: string, path: readonly string[], isOn: boolean): Override {
  return { origin: { label, offset: null, factor: null }, path, value: new Scalar(isOn) };
}

/** The flags that are short for a `--set`, in the order in which they apply: after the `--set`s of the user. */
function flagOverrides(choice: ExperimentChoice): Override[] {
  const texts: readonly (readonly [flag: string, path: string, value: string | undefined])[] = [
    ['--trace', 'trace.mode', choice.trace],
    ['--guest.kernel', 'guest.kernel', choice.guestKernel],
    ['--guest.initrd', 'guest.initrd', choice.guestInitrd],
    ['--guest.rootfs', 'guest.rootfs', choice.guestRootfs],
    ['--timeout', 'timeout', choice.timeout],
    ['--budget', 'budget', choice.budget],
    ['--order', 'order', choice.order],
  ];
  const overrides = texts.flatMap(([flag, path, value]) =>
    value === undefined ? [] : [textOverride(flag, path, value)],
  );
  const { boots, seed, pairs, ceiling } = choice;
  if (boots !== undefined) overrides.push(yamlOverride('--boots', 'boots', boots));
  if (seed !== undefined) overrides.push(yamlOverride('--seed', 'seed', seed));
  // Also a single number, as the file may have a matrix of them.
  if (pairs !== undefined) overrides.push(listOverride('--pairs', ['matrix', 'pairs'], pairs));
  if (choice.traceTiming === true) overrides.push(switchOverride('--trace-timing', ['trace', 'timing'], true));
  if (ceiling !== undefined)
    overrides.push(switchOverride(ceiling ? '--ceiling' : '--no-ceiling', ['ceiling'], ceiling));
  return overrides;
}

function durationOverrides(document: ExperimentDocument, duration: string | undefined): Override[] {
  const workloads = document.yaml.get('workloads');
  if (duration === undefined || !isSeq(workloads)) return [];
  return workloads.items.flatMap((entry, index) => {
    const path = `workloads.${String(index)}`;
    const paths = windowIn(entry)?.items.map((_, place) => `${path}.together.${String(place)}`) ?? [path];
    return paths.map((one) => textOverride('--duration', `${one}.duration`, duration));
  });
}

/** The list of the workloads that an entry puts into one window; null for a single workload. */
function windowIn(entry: unknown): YAMLSeq | null {
  const window = isMap(entry) ? entry.get('together') : null;
  return isSeq(window) ? window : null;
}

/** In `together` a kind alone is short for that workload with its defaults: written out, its keys can be reached by a path. */
function writeOutKinds({ yaml }: ExperimentDocument): void {
  const workloads = yaml.get('workloads');
  if (!isSeq(workloads)) return;
  for (const window of workloads.items.map(windowIn)) {
    for (const [place, item] of window?.items.entries() ?? []) {
      if (!isScalar(item) || typeof item.value !== 'string') continue;
      const map = new YAMLMap();
      map.set('kind', item);
      map.range = item.range ?? null;
      window?.set(place, map);
    }
  }
}

/**
 * Puts the command line's values over those of the file.
 * @returns what was put
 * @throws TapbenchError `EXPERIMENT_INVALID` where a path leads nowhere
 */
export function applyChoice(document: ExperimentDocument, choice: ExperimentChoice): Override[] {
  const { yaml } = document;
  // The default workloads must stand in the document to be reached by a path.
  if (isMap(yaml.contents) && !yaml.has('workloads')) {
    yaml.set('workloads', yaml.createNode(usualKinds.map((kind) => ({ kind }))));
  }
  writeOutKinds(document);
  const overrides = [
    ...durationOverrides(document, choice.duration),
    ...choice.overrides.map((argument) => readOverride(argument)),
    ...flagOverrides(choice),
  ];
  for (const override of overrides) {
    const mistake = applyOverride(document, override);
    if (mistake !== null) throw experimentInvalid([mistake.text]);
  }
  return overrides;
}
