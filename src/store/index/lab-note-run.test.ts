import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { storeRun } from '../../../test/sample/history.ts';
import {
  sampleNotedConfiguration,
  sampleNotedTrial,
  sampleNoteEnd,
  sampleNoteHeader,
} from '../../../test/sample/lab-note-run.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { gatheredOf } from '../../record/gathered-of.ts';
import type { RunHeader } from '../../record/run.ts';
import { importArchive } from '../archive/import-archive.ts';
import { writeArchive } from '../archive/write-archive.ts';
import { listRuns } from '../list-runs.ts';
import { readRun } from '../read-run.ts';
import { Store } from '../store.ts';
import { changeTags } from '../tags.ts';
import type { RunFilter } from './filter.ts';
import { indexedSeries, listIndexedRuns, reindex } from './store-index.ts';

function placeIn(storeFolder: string) {
  return { storeFolder, readerVersion: '1', onNotice: () => undefined };
}

/** Puts a note of two configurations into a store. */
async function storeNote(storeFolder: string): Promise<RunHeader> {
  const store = Store.open(storeFolder);
  const sample = sampleNoteHeader();
  const configurations = ['vm-as-client', 'bare-metal'].map((name) => sampleNotedConfiguration({ name }));
  const plan = configurations.map(({ name }) => ({ trialId: name, configuration: name, block: 1, boot: 1 }));
  const header = await store.createRun({ ...sample, experiment: { ...sample.experiment, configurations }, plan });
  for (const configuration of configurations)
    await store.writeTrial(
      gatheredOf(sampleNotedTrial({ runId: header.runId, trialId: configuration.name, configuration })),
    );
  await store.writeEnd(header.runId, sampleNoteEnd());
  return header;
}

describe('a lab note in the store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let note: RunHeader;
  let measured: RunHeader;

  beforeEach(async () => {
    folder = await temporaryFolder();
    note = await storeNote(folder.path);
    measured = await storeRun(folder.path);
    return async () => folder[Symbol.asyncDispose]();
  });

  async function fitting(filter: RunFilter): Promise<string[]> {
    return (await listIndexedRuns(placeIn(folder.path), { filter })).map(({ runId }) => runId);
  }

  it('is read back as it was written', async () => {
    const run = await readRun(join(folder.path, note.runId));
    expect(run).toMatchObject({ header: note, ends: [sampleNoteEnd()], damaged: [] });
    expect(run.trials.map(({ trialId }) => trialId)).toEqual(['bare-metal', 'vm-as-client']);
  });

  it('is listed beside measured runs, and says what it is', async () => {
    const runs = await listIndexedRuns(placeIn(folder.path), { filter: {} });
    expect(runs).toEqual(await listRuns(folder.path));
    expect(runs.map(({ runId, source, fingerprint }) => [runId, source, fingerprint])).toEqual([
      [measured.runId, 'measured', measured.host?.fingerprint],
      [note.runId, 'lab-note', null],
    ]);
    expect(runs[1]).toMatchObject({ status: 'done', finishedTrials: 2, plannedTrials: 2, workloads: ['iperf'] });
  });

  it('is found by its source, by what it says, and by what it leaves open', async () => {
    expect(await fitting({ where: ['source=lab-note'] })).toEqual([note.runId]);
    expect(await fitting({ where: ['source=measured'] })).toEqual([measured.runId]);
    expect(await fitting({ where: ['vmm.kind=firecracker', 'nic=null'] })).toEqual([note.runId]);
    expect(await fitting({ where: ['host.fingerprint=null'] })).toEqual([note.runId]);
    expect(await fitting({ where: ['vmm.vcpus>=1'] })).toEqual([measured.runId]);
    expect(await fitting({ fingerprint: measured.host?.fingerprint })).toEqual([measured.runId]);
    expect(await fitting({ until: '2025-01-04' })).toEqual([note.runId]);
  });

  it('can be tagged', async () => {
    await changeTags(join(folder.path, note.runId), { add: ['colleague'], remove: [] });
    expect(await fitting({ tags: ['colleague'] })).toEqual([note.runId]);
  });

  it('is judged for a filter by verdict like any run', async () => {
    const [verdict] = [{ configuration: 'bare-metal', workload: 'iperf', metric: 'm', verdict: 'same' as const }];
    const query = { filter: { verdict: 'same' as const }, verdictsOf: () => [verdict] };
    const runs = await listIndexedRuns(placeIn(folder.path), query);
    expect(runs.map(({ runId }) => runId)).toContain(note.runId);
  });

  it('is read with its figures when the index is rebuilt, and is in no series over time', async () => {
    expect(await reindex(placeIn(folder.path))).toMatchObject({ runs: 2, trials: 4 });
    const series = await indexedSeries(placeIn(folder.path), { metric: 'throughput.bitsPerSecond' });
    expect(new Set(series.map(({ runId }) => runId))).toEqual(new Set([measured.runId]));
  });

  it('goes from store to store as an archive', async () => {
    const output = join(folder.path, 'note.tar.gz');
    const run = join(folder.path, note.runId);
    await writeArchive({ folder: run, output, hasRawFiles: true, tapbenchVersion: '1' });
    const other = join(folder.path, 'other');
    await importArchive(other, output);
    expect((await readRun(join(other, note.runId))).header).toEqual(note);
  });
});
