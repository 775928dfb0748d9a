import type { Configuration } from '../../record/experiment.ts';
import { hasVm } from '../../record/topology.ts';
import { configurationNames, type NamePart } from '../matrix/name.ts';
import { invalid } from './configurations.ts';
import type { ExperimentDocument } from './document.ts';
import { type PlacedMistake, placed } from './place.ts';
import { configurationRecord } from './resolve.ts';
import { experimentFile } from './schema.ts';

/**
 * What a configuration asks of its host's own stack: its workloads, pairs and preparation, over a link of its MTU and offloads.
 * @param unused what stands for all that a ceiling does not use, so that two that do the same are the same
 */
function ceilingOf({ pairs, nic, prepare, workloads, together }: Configuration, unused: Configuration): Configuration {
  const { mtu, offloads } = nic;
  return {
    ...unused,
    topology: 'host-to-host',
    pairs,
    nic: { ...unused.nic, mtu, offloads: { ...offloads, mrgRxbuf: unused.nic.offloads.mrgRxbuf } },
    trace: { ...unused.trace, mode: 'off' },
    prepare,
    workloads,
    ...(together === undefined ? {} : { together }),
  };
}

function mistakes(document: ExperimentDocument, withVm: readonly Configuration[]): PlacedMistake[] {
  const mistake = (message: string) => [placed(document, { path: ['ceiling'], isAboutKey: false, message })];
  if (withVm.length === 0) return mistake('host to host is the ceiling itself: leave it off where there is no VM');
  const pinned = withVm.find(({ prepare }) => prepare.pin !== 'none');
  if (pinned === undefined) return [];
  return mistake('needs prepare.pin: none: without a VM there is nothing to keep from its load generators');
}

/** Fields that reach the host's own stack, each with all below it: what `ceilingOf` takes over. */
const reachingFields = ['pairs', 'nic.mtu', 'nic.offloads', 'prepare', 'workloads'];

function reachesHost(path: string): boolean {
  return reachingFields.some((field) => path === field || path.startsWith(`${field}.`));
}

/** The values that reach the host and that all owners of a ceiling share, as text by path. */
function sharedFactors(owners: readonly Configuration[]): Map<string, string> {
  const [first, ...others] = owners;
  const all = Object.entries(first?.factors ?? {}).filter(([path]) => reachesHost(path));
  return new Map(all.filter(([path, text]) => others.every(({ factors }) => factors[path] === text)));
}

/** What tells a ceiling from the others: of the values that its owners share, those that not all ceilings have. */
function distinctions(groups: readonly (readonly Configuration[])[]): NamePart[][] {
  const shared = groups.map(sharedFactors);
  return shared.map((own) =>
    [...own].flatMap(([path, text]) => (shared.every((other) => other.get(path) === text) ? [] : [{ path, text }])),
  );
}

/**
 * The configurations with their ceilings behind them: one for each different thing that those with a VM ask of the host's own stack. What is host to host
 * already has none.
 * @throws TapbenchError `EXPERIMENT_INVALID` where no configuration can have one
 */
export function withCeilings(document: ExperimentDocument, configurations: readonly Configuration[]): Configuration[] {
  const withVm = configurations.filter(hasVm);
  const wrong = mistakes(document, withVm);
  if (wrong.length > 0) throw invalid(wrong);
  const unused = configurationRecord(experimentFile.parse({}), { name: '', factors: {} });
  const groups = [...Map.groupBy(withVm, (one) => JSON.stringify(ceilingOf(one, unused))).values()];
  const parts = distinctions(groups);
  const taken = configurations.map(({ name }) => ({ parts: [], given: name }));
  const wanted = parts.map((own) => ({ parts: own, given: null }));
  const names = configurationNames([...taken, ...wanted], ['ceiling']).slice(taken.length);
  const ceilings = groups.flatMap((owners, index) => {
    const [first] = owners;
    if (first === undefined) return [];
    return [
      {
        ...ceilingOf(first, unused),
        name: names[index] ?? 'ceiling',
        factors: Object.fromEntries((parts[index] ?? []).map(({ path, text }) => [path, text])),
        ceilingOf: owners.map(({ name }) => name),
      },
    ];
  });
  return [...configurations, ...ceilings];
}
