import { chmod, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type ProcessResult, run, start } from '../../src/lab/process.ts';
import { readTags } from '../../src/store/tags.ts';
import { asNobody } from '../integration/support/nobody.ts';
import { storeRun } from '../sample/history.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

/** What no process of ours in one test can show: several that use one store at once, and one without the rights to write. */

const root = join(import.meta.dirname, '../..');
const source = (path: string): string => JSON.stringify(join(root, 'src', path));
const deadlineMs = 30_000;

/** Runs a script of ours in a process of its own; stdout is its report. */
async function script(text: string, wrapper: readonly string[] = []): Promise<ProcessResult> {
  return await run([...wrapper, process.execPath, '--input-type=module-typescript', '--eval', text], {
    cwd: root,
    deadlineMs,
  });
}

function listing(storeFolder: string): string {
  return `
    import { indexedSeries, listIndexedRuns } from ${source('store/index/store-index.ts')};
    const onNotice = (text) => console.error(text);
    const place = { storeFolder: ${JSON.stringify(storeFolder)}, readerVersion: '1', onNotice };
    const runs = await listIndexedRuns(place, { filter: {} });
    const series = await indexedSeries(place, { metric: 'throughput.bitsPerSecond' });
    console.log(JSON.stringify([runs.length, series.length]));`;
}

describe('two processes that tag a run at once', () => {
  it('lose none of their tags', async () => {
    await using folder = await temporaryFolder();
    const tagger = (name: string) => `
      import { changeTags } from ${source('store/tags.ts')};
      for (let n = 0; n < 15; n++) await changeTags(${JSON.stringify(folder.path)}, { add: [${JSON.stringify(name)} + n], remove: [] });`;
    await Promise.all(['a', 'b', 'c'].map((name) => script(tagger(name))));
    expect(await readTags(folder.path)).toHaveLength(45);
  });

  it('are not stopped by one that was killed while it held the lock', async () => {
    await using folder = await temporaryFolder();
    const holder = `
      import { withFileLock } from ${source('store/file-lock.ts')};
      await withFileLock(${JSON.stringify(join(folder.path, '.tags.lock'))}, () => {
        console.log('held');
        return new Promise((resolve) => setTimeout(resolve, ${deadlineMs}));
      });`;
    const held = await start([process.execPath, '--input-type=module-typescript', '--eval', holder], {
      cwd: root,
      stdout: 'pipe',
    });
    await new Promise((resolve) => held.stdout?.once('data', resolve));
    held.signal('SIGKILL');
    await held.ended;
    const one = `
      import { changeTags } from ${source('store/tags.ts')};
      await changeTags(${JSON.stringify(folder.path)}, { add: ['after'], remove: [] });`;
    await script(one);
    expect(await readTags(folder.path)).toEqual(['after']);
  });
});

describe('several processes on one store', () => {
  it('make the index together, and each sees all runs', async () => {
    await using folder = await temporaryFolder();
    for (const day of [18, 19, 20]) {
      await storeRun(folder.path, { boots: 2, startedAt: `2026-11-${day}T10:00:00.000Z` });
    }
    const results = await Promise.all(Array.from({ length: 4 }, () => script(listing(folder.path))));
    for (const { stdout, stderr } of results) expect([stdout.trim(), stderr]).toEqual(['[3,6]', '']);
  });

  it('mend a damaged index together', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { boots: 2 });
    await writeFile(join(folder.path, 'index.sqlite'), 'no database '.repeat(1_000));
    const results = await Promise.all(Array.from({ length: 4 }, () => script(listing(folder.path))));
    for (const { stdout } of results) expect(stdout.trim()).toBe('[1,2]');
    expect(await script(listing(folder.path))).toMatchObject({ stderr: '' });
    expect((await readdir(folder.path)).filter((name) => name.includes('aside'))).toHaveLength(1);
  });

  it('rebuild the index at once, and it holds each figure once', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { boots: 40 });
    const rebuild = `
      import { reindex } from ${source('store/index/store-index.ts')};
      const place = { storeFolder: ${JSON.stringify(folder.path)}, readerVersion: '1', onNotice: console.error };
      for (let n = 0; n < 4; n++) await reindex(place);`;
    await Promise.all([script(rebuild), script(rebuild), script(rebuild)]);
    expect(await script(listing(folder.path))).toMatchObject({ stdout: '[1,2]\n', stderr: '' });
    const index = new DatabaseSync(join(folder.path, 'index.sqlite'));
    const count = (sql: string) => index.prepare(`SELECT count(*) AS count FROM ${sql}`).get();
    expect(count('trials')).toEqual({ count: 80 });
    expect(count("figures JOIN series USING (series) WHERE metric = 'throughput.bitsPerSecond'")).toEqual({
      count: 80,
    });
    expect(count('figures WHERE series NOT IN (SELECT series FROM series)')).toEqual({ count: 0 });
    expect(count('figures WHERE trial NOT IN (SELECT trial FROM trials)')).toEqual({ count: 0 });
    index.close();
  });

  it('read on while one writes', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { boots: 2 });
    await script(listing(folder.path));
    const writer = new DatabaseSync(join(folder.path, 'index.sqlite'));
    writer.exec('BEGIN IMMEDIATE; UPDATE figures SET value = 1');
    const [first, second] = await Promise.all([script(listing(folder.path)), script(listing(folder.path))]);
    writer.exec('ROLLBACK');
    writer.close();
    for (const { stdout, stderr } of [first, second]) expect([stdout.trim(), stderr]).toEqual(['[1,2]', '']);
  });

  it('go on without the index where one holds it, and say so', { timeout: deadlineMs }, async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path);
    await script(listing(folder.path));
    await storeRun(folder.path, { startedAt: '2026-11-21T10:00:00.000Z' });
    const holder = new DatabaseSync(join(folder.path, 'index.sqlite'));
    holder.exec('BEGIN IMMEDIATE');
    const { stdout, stderr } = await script(listing(folder.path));
    holder.close();
    expect(stdout.trim()).toBe('[2,4]');
    expect(stderr).toMatch(/can't be used .*locked.*: going on without it/);
  });
});

describe('a store that can not be written', () => {
  it.each([
    ['has an index of before', true],
    ['has none', false],
  ])('and %s is read all the same, which is said', async (_what, hasIndex) => {
    await using folder = await temporaryFolder();
    const storeFolder = join(folder.path, 'store');
    await storeRun(storeFolder, { boots: 2 });
    if (hasIndex) await script(listing(storeFolder));
    await storeRun(storeFolder, { startedAt: '2026-11-21T10:00:00.000Z' });
    await chmod(folder.path, 0o755);
    await chmod(storeFolder, 0o555);
    const { stdout, stderr } = await script(listing(storeFolder), asNobody);
    await chmod(storeFolder, 0o755);
    expect(stdout.trim()).toBe('[2,4]');
    expect(stderr).toMatch(/going on without it/);
    expect((await readdir(storeFolder)).includes('index.sqlite')).toBe(hasIndex);
  });

  it('for a full disk is read all the same, which is said', async () => {
    await using folder = await temporaryFolder();
    await storeRun(folder.path, { boots: 2 });
    // full(4): every write to it fails as on a full disk.
    await symlink('/dev/full', join(folder.path, 'index.sqlite'));
    const { stdout, stderr } = await script(listing(folder.path));
    await rm(join(folder.path, 'index.sqlite'));
    expect(stdout.trim()).toBe('[1,2]');
    expect(stderr).toMatch(/going on without it/);
  });
});
