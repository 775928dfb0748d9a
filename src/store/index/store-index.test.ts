import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { sampleBoot, storeRun } from '../../../test/sample/history.ts';
import { sampleRunEnd } from '../../../test/sample/run.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { gatheredOf } from '../../record/gathered-of.ts';
import { listRuns } from '../list-runs.ts';
import { Store } from '../store.ts';
import { changeTags } from '../tags.ts';
import type { IndexPlace } from './place.ts';
import type { IndexedVerdict } from './refresh-verdicts.ts';
import { indexedSeries, indexRun, listIndexedRuns, reindex } from './store-index.ts';

interface TestPlace extends IndexPlace {
  readonly notices: string[];
}

function placeIn(storeFolder: string, readerVersion = '1.0.0'): TestPlace {
  const notices: string[] = [];
  return { storeFolder, readerVersion, notices, onNotice: (text) => notices.push(text) };
}

async function idsOf(place: IndexPlace): Promise<string[]> {
  return (await listIndexedRuns(place, { filter: {} })).map(({ runId }) => runId);
}

async function valuesOf(place: IndexPlace): Promise<(readonly number[])[]> {
  return (await indexedSeries(place, { metric: 'throughput.bitsPerSecond' })).map(({ values }) => values);
}

describe('a list from the index', () => {
  it('is that of the run folders', async () => {
    await using folder = await temporaryFolder();
    const first = await storeRun(folder.path, { boots: 2, startedAt: '2026-11-20T10:00:00.000Z' });
    await storeRun(folder.path, { startedAt: '2026-11-21T10:00:00.000Z', isDone: false });
    await changeTags(join(folder.path, first.runId), { add: ['release'], remove: [] });
    const place = placeIn(folder.path);
    const expected = await listRuns(folder.path);
    expect(expected).toHaveLength(2);
    // Once as it is made, once as it is found.
    expect(await listIndexedRuns(place, { filter: {} })).toEqual(expected);
    expect(await listIndexedRuns(place, { filter: {} })).toEqual(expected);
    expect(place.notices).toEqual([]);
  });

  it('is empty for a store that is not there, and makes none', async () => {
    await using folder = await temporaryFolder();
    expect(await idsOf(placeIn(join(folder.path, 'none')))).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('follows a run that goes on: a new trial, its record, its end, its tags, its removal', async () => {
    await using folder = await temporaryFolder();
    const place = placeIn(folder.path);
    const header = await storeRun(folder.path, { isDone: false });
    const store = Store.open(folder.path);
    const state = async () => {
      const [run] = await listIndexedRuns(place, { filter: {} });
      return run === undefined ? null : [run.finishedTrials, run.status, run.tags.join()];
    };
    expect(await state()).toEqual([0, 'unfinished', '']);
    const [planned] = header.plan;
    if (planned === undefined) throw new Error('the plan has trials');
    await store.openTrial(header.runId, planned.trialId);
    expect(await state()).toEqual([0, 'unfinished', '']);
    await store.writeTrial(gatheredOf(sampleBoot(header, planned)));
    expect(await state()).toEqual([1, 'unfinished', '']);
    await store.writeEnd(header.runId, sampleRunEnd());
    expect(await state()).toEqual([1, 'done', '']);
    await changeTags(store.runFolder(header.runId), { add: ['a'], remove: [] });
    expect(await state()).toEqual([1, 'done', 'a']);
    await rm(store.runFolder(header.runId), { recursive: true });
    expect(await state()).toBeNull();
  });

  it('says why a damaged run is damaged, and forgets its figures', async () => {
    await using folder = await temporaryFolder();
    const place = placeIn(folder.path);
    const { runId } = await storeRun(folder.path);
    expect(await valuesOf(place)).toEqual([[2e9], [2e9]]);
    await writeFile(join(folder.path, runId, 'run.json'), '{}');
    expect(await listIndexedRuns(place, { filter: {} })).toMatchObject([
      { runId, status: 'damaged', problem: expect.stringContaining('run.json') as unknown },
    ]);
    expect(await valuesOf(place)).toEqual([]);
  });

  it('gives at most as many as were asked for, the newest', async () => {
    await using folder = await temporaryFolder();
    for (const day of [18, 19, 20]) await storeRun(folder.path, { startedAt: `2026-11-${day}T10:00:00.000Z` });
    const runs = await listIndexedRuns(placeIn(folder.path), { filter: {}, limit: 2 });
    expect(runs.map(({ startedAt }) => startedAt?.slice(8, 10))).toEqual(['20', '19']);
    for (const limit of [0, -1, 1.5, Number.NaN, Infinity, 1e30]) {
      const asked = listIndexedRuns(placeIn(folder.path), { filter: {}, limit });
      await expect(asked).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('limit') as unknown,
      });
    }
  });
});

describe('the verdicts in the index', () => {
  const worse: IndexedVerdict = {
    configuration: 'mtu-9000',
    workload: 'iperf3',
    metric: 'throughput.bitsPerSecond',
    verdict: 'worse',
  };

  it('are asked for once a run, and again only when it changed', async () => {
    await using folder = await temporaryFolder();
    const place = placeIn(folder.path);
    const { runId } = await storeRun(folder.path);
    const asked: string[] = [];
    const list = async (verdict: 'worse' | 'better') =>
      await listIndexedRuns(place, {
        filter: { verdict },
        verdictsOf: (run) => {
          asked.push(run.runId);
          return [worse];
        },
      });
    expect(await list('worse')).toHaveLength(1);
    expect(await list('better')).toHaveLength(0);
    expect(asked).toEqual([runId]);
    await Store.open(folder.path).writeEnd(runId, sampleRunEnd());
    await list('worse');
    expect(asked).toEqual([runId, runId]);
  });

  it('are brought in with the end of a run', async () => {
    await using folder = await temporaryFolder();
    const place = placeIn(folder.path);
    const { runId } = await storeRun(folder.path);
    await indexRun(place, runId, () => [worse]);
    const runs = await listIndexedRuns(place, { filter: { verdict: 'worse' }, verdictsOf: () => [] });
    expect(runs).toHaveLength(1);
  });
});

describe('an index that is not what it should be', () => {
  it('is made anew where another version of tapbench made it, figures and all', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    await valuesOf(placeIn(folder.path, '1.0.0'));
    const newer = placeIn(folder.path, '1.1.0');
    expect(await valuesOf(newer)).toEqual([[2e9], [2e9]]);
    expect(newer.notices).toEqual([expect.stringContaining('another version')]);
    expect(await valuesOf(newer)).toHaveLength(2);
    expect(newer.notices).toHaveLength(1);
  });

  it('is made anew where its tables are of a version yet unknown', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    const place = placeIn(folder.path);
    await idsOf(place);
    const file = new DatabaseSync(join(folder.path, 'index.sqlite'));
    file.exec('PRAGMA user_version = 99; DROP TABLE runs; CREATE TABLE runs (other TEXT)');
    file.close();
    expect(await idsOf(place)).toHaveLength(1);
    expect(place.notices).toEqual([expect.stringContaining('another version')]);
  });

  it.each([
    ['is no database', async (file: string) => writeFile(file, 'no database at all '.repeat(400))],
    ['is cut off', async (file: string) => truncate(file, 5_000)],
    ['is cut off in its first page', async (file: string) => truncate(file, 50)],
    [
      'has lost a table',
      async (file: string) => {
        const index = new DatabaseSync(file);
        index.exec('DROP TABLE figures');
        index.close();
        await Promise.resolve();
      },
    ],
    [
      'has a page of nonsense',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes.fill(0x5a, 4096, bytes.length);
        await writeFile(file, bytes);
      },
    ],
  ])('is made anew where it %s, and says so', async (_what, damage) => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    const place = placeIn(folder.path);
    await valuesOf(place);
    await damage(join(folder.path, 'index.sqlite'));
    expect(await valuesOf(place)).toEqual([[2e9], [2e9]]);
    expect(place.notices).toEqual([expect.stringContaining('damaged')]);
    expect(await valuesOf(place)).toHaveLength(2);
    expect(place.notices).toHaveLength(1);
  });

  it("is put aside, not removed, where it is somebody else's", async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    const path = join(folder.path, 'index.sqlite');
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE precious (a TEXT)');
    foreign.close();
    const place = placeIn(folder.path);
    expect(await idsOf(place)).toHaveLength(1);
    const aside = (await readdir(folder.path)).find((name) => name.startsWith('index.sqlite.aside-'));
    const kept = new DatabaseSync(join(folder.path, aside ?? 'none'), { readOnly: true });
    expect(kept.prepare('SELECT count(*) AS count FROM precious').get()).toEqual({ count: 0 });
    kept.close();
  });

  it('is done without where its place is taken by a folder', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    await Store.open(join(folder.path, 'index.sqlite')).checkWritable();
    const place = placeIn(folder.path);
    expect(await valuesOf(place)).toEqual([[2e9], [2e9]]);
    expect(place.notices).toEqual([expect.stringContaining('going on without it')]);
    await expect(reindex(place)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});

describe('a rebuilt index', () => {
  it('has every run and trial again, and says how many', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { boots: 3 });
    await storeRun(folder.path);
    const place = placeIn(folder.path);
    const before = await valuesOf(place);
    const file = new DatabaseSync(join(folder.path, 'index.sqlite'));
    file.exec('UPDATE figures SET value = 1');
    file.close();
    expect(await reindex(place)).toEqual({ runs: 2, trials: 8 });
    expect(await valuesOf(place)).toEqual(before);
  });

  it('leaves a damaged trial out, as every reader does', async () => {
    await using folder = await temporaryFolder();
    const { runId, plan } = await storeRun(folder.path, { boots: 2 });
    await appendFile(join(folder.path, runId, 'trials', plan[0]?.trialId ?? '', 'trial.json'), 'x');
    const place = placeIn(folder.path);
    expect(await reindex(place)).toEqual({ runs: 1, trials: 4 });
    expect((await valuesOf(place)).map(({ length }) => length)).toEqual([1, 2]);
  });
});
