import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { compare } from './compare.ts';
import { listRuns } from './history.ts';
import { checkNote } from './note-check.ts';
import { importNote, readNoteRun } from './note-run.ts';
import { readRun } from './read.ts';
import { planReproduction, reproduction } from './reproduce.ts';

const labNote = join(import.meta.dirname, '../../test/fixtures/lab-note/note/vm-client.md');

describe('a lab note as a run', () => {
  it('has the figures of its text', async () => {
    const { run } = await readNoteRun(labNote);
    const [trial] = run.trials;
    const [bulk, requests] = trial?.measurements ?? [];
    expect(run.source).toMatchObject({ kind: 'lab-note', file: 'vm-client.md', leftOut: [] });
    expect(bulk?.throughput?.bitsPerSecond).toBe(16.4e9);
    expect(bulk?.throughput?.streams.map(({ bitsPerSecond }) => bitsPerSecond)).toEqual([
      4.12e9, 4.1e9, 4.09e9, 4.07e9,
    ]);
    expect(requests?.latency?.halfRoundTripNs).toEqual({
      mean: 74_383,
      stddev: 15_718,
      min: 39_925,
      max: 385_178,
      p25: 68_501,
      p50: 70_909,
      p75: 76_258,
      p90: 84_220,
      p99: 129_705,
      p999: 264_171,
      p9999: 313_233,
      p99999: 343_253,
    });
    expect(requests?.latency?.spread).toEqual({
      meanAbsoluteDeviationNs: 8_553,
      medianAbsoluteDeviationNs: 4_873,
      semiInterquartileRangeNs: 3_878,
      coefficientOfVariation: 0.211,
      standardErrorNs: 35,
      confidence99Ns: { low: 74_292, high: 74_474 },
    });
    const totals = [bulk, requests].flatMap((one) =>
      (one?.systemCalls?.threads ?? []).flatMap(({ name, calls }) =>
        calls.map((call) => [name, call.name, call.count]),
      ),
    );
    expect(totals).toHaveLength(6);
    expect(totals).toContainEqual(['firecracker', 'write', 402_018]);
  });

  it('is judged: the data path was not traced, rate and latency agree, and nothing says how often it was done', async () => {
    const { remarks } = await checkNote(labNote);
    const found = remarks.map(({ level, audit }) => `${level} ${audit}`);
    expect(found).toEqual(expect.arrayContaining(['void untraced-data-path', 'note agreement', 'note repetition']));
    expect(found.filter((one) => one.startsWith('void'))).toEqual(['void untraced-data-path']);
  });

  it('is refused where no figure was understood', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'empty.md');
    await writeFile(file, '# Nothing\n');
    await expect(readNoteRun(file)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('the import of a lab note', () => {
  it('puts it beside measured runs, marked, with its text, and once', async () => {
    await using folder = await temporaryFolder();
    const store = join(folder.path, 'runs');
    const first = await importNote(labNote, { store });
    expect(first.status).toBe('imported');
    expect(await readFile(join(first.folder, 'note.md'), 'utf8')).toBe(await readFile(labNote, 'utf8'));
    const copy = join(folder.path, 'copy.md');
    await copyFile(labNote, copy);
    expect(await importNote(copy, { store })).toMatchObject({ runId: first.runId, status: 'already-there' });
    const runs = await listRuns({ store });
    expect(runs.map(({ runId, source }) => [runId, source])).toEqual([[first.runId, 'lab-note']]);
    const { run } = await readRun('latest', { store });
    expect(run.trials[0]?.measurements[0]?.throughput?.bitsPerSecond).toBe(16.4e9);
  });

  it('can be compared with its file, by path and by id, and both are the same', async () => {
    await using folder = await temporaryFolder();
    const store = join(folder.path, 'runs');
    const { runId } = await importNote(labNote, { store });
    const { comparison } = await compare([labNote, runId], { store });
    const ratios = comparison.pairs[0]?.metrics.flatMap(({ ratio }) => ratio ?? []) ?? [];
    expect(ratios.length).toBeGreaterThan(0);
    expect(new Set(ratios)).toEqual(new Set([1]));
  });
});

describe('a note done again', () => {
  it('stands beside what was measured, figure by figure', async () => {
    const planned = await planReproduction(labNote);
    // The note itself, as if it had been measured here under the names of the experiment.
    const { run } = planned.note;
    const again = {
      ...run,
      trials: run.trials.map((trial) => ({ ...trial, configuration: { ...trial.configuration, name: 'default' } })),
      experiment: {
        ...run.experiment,
        configurations: run.experiment.configurations.map((one) => ({ ...one, name: 'default' })),
      },
    };
    const { figures } = reproduction(planned, again);
    const bulk = figures.find(({ what }) => what === 'throughput.bitsPerSecond');
    expect(bulk).toMatchObject({ noted: 16.4e9, rounding: 5e7, here: [16.4e9], voidedBy: null });
    expect(figures.find(({ what }) => what === 'vmm read a round trip')?.here[0]).toBeCloseTo(1.044, 3);
  });
});
