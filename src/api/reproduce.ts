import { basename } from 'node:path';
import { type Fingerprint, fingerprintsOf } from '../derive/fingerprint.ts';
import { type MetricDefinition, metrics, usableValue } from '../derive/metrics.ts';
import { voidingFindings } from '../derive/usable.ts';
import { type NoteExperiment, type NotePair, noteExperiment } from '../lab-note/reproduce/note-experiment.ts';
import { lookForVmm } from '../preflight/find-vmm.ts';
import { ceilingFor } from '../record/ceiling.ts';
import type { Difference } from '../record/comparison.ts';
import { TapbenchError } from '../record/error.ts';
import type { Measurement } from '../record/measurement.ts';
import type { Run } from '../record/run.ts';
import { fingerprintCallName } from '../report/measurement/fingerprint-text.ts';
import type { ReproducedFigure, Reproduction } from '../report/note/reproduction.ts';
import { drivers } from '../vmm/drivers.ts';
import { compareRead } from './compare.ts';
import { type NoteRun, readNoteRun } from './note-run.ts';

/** A note and the experiment that does it again. */
export interface NoteToReproduce {
  readonly file: string;
  readonly note: NoteRun;
  readonly experiment: NoteExperiment & { readonly yaml: string };
}

/** Names of the VMMs that this machine has, as far as they can be run. */
async function vmmsHere(): Promise<string[]> {
  const found = await Promise.all(
    [...drivers.values()].map(async (driver) => {
      const program = await lookForVmm(driver, null).catch(() => null);
      return program === null ? [] : [driver.kind];
    }),
  );
  return found.flat();
}

/**
 * Reads a lab note and makes an experiment of its commands.
 * @throws TapbenchError `USAGE` where it is no note, or holds nothing that can be done again
 */
export async function planReproduction(file: string): Promise<NoteToReproduce> {
  const note = await readNoteRun(file);
  const { header, trials } = note.records;
  const experiment = noteExperiment(header.experiment.configurations, trials, {
    file: basename(file),
    vmms: await vmmsHere(),
  });
  const { yaml, impossible } = experiment;
  if (yaml !== null) return { file, note, experiment: { ...experiment, yaml } };
  throw new TapbenchError('USAGE', `${file}: nothing of it can be done again: ${impossible.join('; ')}`);
}

function measurementsOf(run: Run, configuration: string, workload: string): Measurement[] {
  return run.trials
    .filter((trial) => trial.configuration.name === configuration && trial.status !== 'failed')
    .flatMap(({ measurements }) => measurements.filter((one) => one.workload === workload));
}

/** Field of the record that a metric is read from, as the rounding of a note names it. */
function fieldOf({ name }: MetricDefinition): string {
  return name.startsWith('latency.') ? `latency.halfRoundTripNs.${name.slice('latency.'.length)}` : name;
}

function figuresOf(noted: Measurement, here: readonly Measurement[], pair: NotePair): ReproducedFigure[] {
  return metrics
    .filter(({ kind }) => kind === 'figure')
    .flatMap((metric) => {
      const value = metric.read(noted);
      if (value === null) return [];
      return [
        {
          configuration: pair.configuration,
          workload: pair.noted,
          what: metric.name,
          unit: metric.unit,
          noted: value,
          rounding: noted.noted?.rounding[fieldOf(metric)] ?? null,
          voidedBy: voidingFindings(noted, metric.rests)[0]?.message ?? null,
          here: here.flatMap((one) => usableValue(one, metric) ?? []),
        },
      ];
    });
}

function fingerprintOf(run: Run, configuration: string, workload: string): Fingerprint | null {
  const own = (one: Fingerprint) => one.configuration.name === configuration && one.workload.name === workload;
  return fingerprintsOf(run).find(own) ?? null;
}

/** Calls that the note has counts of, beside those of the same role and name here: all boots as one. */
function callsOf(note: Run, again: Run, pair: NotePair): ReproducedFigure[] {
  const noted = fingerprintOf(note, pair.configuration, pair.noted);
  const here = fingerprintOf(again, pair.again.configuration, pair.again.workload);
  if (noted === null || (here !== null && here.unit !== noted.unit)) return [];
  return noted.calls.map((call) => {
    const same = here?.calls.filter((one) => one.role === call.role && one.call === call.call) ?? [];
    return {
      configuration: pair.configuration,
      workload: pair.noted,
      unit: '1',
      rounding: null,
      voidedBy: null,
      what: `${call.role ?? 'unknown thread'} ${fingerprintCallName(call)} a ${noted.unit}`,
      noted: call.perUnit,
      here: here === null ? [] : [same.reduce((sum, one) => sum + one.perUnit, 0)],
    };
  });
}

/** What differs between the set-ups, each thing once. Nothing, where note and run have no metric in common. */
function differencesOf(note: Run, again: Run, pairs: readonly NotePair[]): Difference[] {
  const names = new Map(pairs.map(({ configuration, again: { configuration: other } }) => [configuration, other]));
  const all = [...names].flatMap(([configuration, other]) => {
    try {
      const sides = [
        { text: note.runId, run: note, configuration },
        { text: again.runId, run: again, configuration: other },
      ];
      return compareRead(sides).pairs.flatMap(({ differences }) => differences);
    } catch (cause) {
      if (cause instanceof TapbenchError && cause.code === 'NOT_COMPARABLE') return [];
      throw cause;
    }
  });
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The configuration of the new run that does a noted one again: its ceiling has the name that the experiment gave it. */
function withCeilingNames(pairs: readonly NotePair[], { experiment }: Run): NotePair[] {
  return pairs.map((pair) => {
    const { configuration, workload } = pair.again;
    const name = pair.isCeiling ? ceilingFor(experiment.configurations, configuration)?.name : configuration;
    return { ...pair, again: { configuration: name ?? configuration, workload } };
  });
}

/** Old beside new. */
export function reproduction({ file, note, experiment }: NoteToReproduce, again: Run): Reproduction {
  const { assumed, impossible } = experiment;
  const pairs = withCeilingNames(experiment.pairs, again);
  const figures = pairs.flatMap((pair) => {
    const [noted] = measurementsOf(note.run, pair.configuration, pair.noted);
    if (noted === undefined) return [];
    const here = measurementsOf(again, pair.again.configuration, pair.again.workload);
    return [...figuresOf(noted, here, pair), ...callsOf(note.run, again, pair)];
  });
  const differences = differencesOf(note.run, again, pairs);
  return { file: basename(file), runId: again.runId, figures, differences, assumed, impossible };
}
