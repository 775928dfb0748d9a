import type { WholeMeasurement } from '../../record/measurement.ts';
import type { RecordedConfiguration, RecordedWorkload } from '../../record/recorded-experiment.ts';
import { type PlannedTrial, schemaVersion } from '../../record/run.ts';
import type { WholeTrial } from '../../record/trial.ts';
import { exactPart } from '../exact-block.ts';
import { UniqueNames } from './configurations.ts';
import type { measurementRecord } from './measurement-record.ts';
import { notSaid } from './not-said.ts';
import type { NamedOutput } from './workload-names.ts';

interface NotedBoot {
  readonly boot: number;
  readonly outputs: NamedOutput[];
}

/** Boots by their numbers in the headings, from 1; without a number all is one boot. A report tells a boot from its repetition. */
function byBoot(outputs: readonly NamedOutput[], first: number): NotedBoot[] {
  const boots = new Map<string, NotedBoot>();
  for (const each of outputs) {
    const boot = (each.told.facts.boot ?? first) + 1 - first;
    const key = `${String(boot)} ${exactPart(each.told.output.parts, 'measurement')?.trial ?? ''}`;
    const known = boots.get(key) ?? { boot, outputs: [] };
    known.outputs.push(each);
    boots.set(key, known);
  }
  return [...boots.values()].sort((a, b) => a.boot - b.boot);
}

/** One boot of one configuration; `reasons`: field to why it is null, or what it is instead. */
export interface RecordedTrialParts {
  readonly boot: number;
  readonly measurements: WholeMeasurement[];
  readonly reasons: Record<string, string>;
}

/** Turns one configuration's outputs into measurements, boot by boot. */
export function trialsOf(
  named: readonly NamedOutput[],
  first: number,
  record: (one: NamedOutput) => ReturnType<typeof measurementRecord>,
): RecordedTrialParts[] {
  return byBoot(named, first).map(({ boot, outputs }) => {
    const names = new UniqueNames();
    const reasons: Record<string, string> = {};
    const measurements = outputs.map((one) => {
      const spec = { ...one.spec, name: names.of(one.spec.name) };
      const { measurement, reasons: why } = record({ ...one, spec });
      for (const [field, reason] of Object.entries(why)) reasons[`${spec.name}: ${field}`] = reason;
      return measurement;
    });
    return { boot, measurements, reasons };
  });
}

/** The workloads of all boots, each name once. */
export function workloadsOf(trials: readonly RecordedTrialParts[]): RecordedWorkload[] {
  const byName = new Map<string, RecordedWorkload>();
  for (const { spec } of trials.flatMap(({ measurements }) => measurements)) {
    if (!byName.has(spec.name)) byName.set(spec.name, spec);
  }
  return [...byName.values()];
}

const longestSlug = 40;

/** Fit for a folder's name: letters, digits and hyphens. */
export function trialIdOf(number: number, configuration: string, boot: number): string {
  const slug = configuration
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, longestSlug);
  return `${String(number).padStart(3, '0')}-${slug === '' ? 'note' : slug}-b${String(boot)}`;
}

/** `trial.json` of one boot of a note. */
export function gatheredTrial(
  planned: PlannedTrial,
  { measurements, reasons }: RecordedTrialParts,
  {
    configuration,
    otherHeading,
    runId,
  }: { configuration: RecordedConfiguration; otherHeading: string | null; runId: string },
): WholeTrial {
  const { trialId, block, boot } = planned;
  return {
    schemaVersion,
    trialId,
    runId,
    configuration,
    block,
    boot,
    attempt: 1,
    repeats: null,
    startedAt: null,
    endedAt: null,
    vmm: null,
    guest: null,
    path: null,
    preparation: { settings: [], pins: [] },
    failure: null,
    phases: [],
    status: 'ok',
    measurements,
    toolCpuInWindowsNs: null,
    toolResidentBytes: null,
    notSaid: { ...notSaid(configuration, otherHeading), ...reasons },
  };
}
