import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Entry, manifestEntry, tarGz } from '../../../test/sample/archive.ts';
import { storeRun } from '../../../test/sample/history.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { listRuns } from '../list-runs.ts';
import { readRun } from '../read-run.ts';
import { changeTags } from '../tags.ts';
import { manifestName } from './archive-manifest.ts';
import { importArchive } from './import-archive.ts';
import { writeArchive } from './write-archive.ts';

const longName = `${'raw output of a tool '.repeat(8)}.txt`;

/** A store with one run that has raw files, and an archive of it. */
async function archived(folder: string, hasRawFiles = true) {
  const source = join(folder, 'source');
  const { runId, plan } = await storeRun(source, { boots: 2 });
  const run = join(source, runId);
  const trial = join(run, 'trials', plan[0]?.trialId ?? '');
  await mkdir(join(trial, 'iperf3'));
  await writeFile(join(trial, 'iperf3', 'client.stdout'), 'raw output\n');
  await writeFile(join(trial, longName), 'long');
  await writeFile(join(trial, 'console.log'), '');
  await changeTags(run, { add: ['release'], remove: [] });
  const output = join(folder, 'run.tar.gz');
  await writeArchive({ folder: run, output, hasRawFiles, tapbenchVersion: '1.0.0' });
  return { runId, run, trial, output, target: join(folder, 'target') };
}

describe('an archived run', () => {
  it('is the same run after it was imported, with its tags and raw files', async () => {
    await using folder = await temporaryFolder();
    const { runId, run, output, target } = await archived(folder.path);
    expect(await importArchive(target, output)).toEqual({ runId, folder: join(target, runId), status: 'imported' });
    const original = await readRun(run);
    expect(await readRun(join(target, runId))).toEqual({ ...original, folder: join(target, runId) });
    expect(await listRuns(target)).toMatchObject([{ runId, tags: ['release'], finishedTrials: 4 }]);
    const trial = join(target, runId, 'trials', original.header.plan[0]?.trialId ?? '');
    expect(await readFile(join(trial, 'iperf3', 'client.stdout'), 'utf8')).toBe('raw output\n');
    expect(await readFile(join(trial, longName), 'utf8')).toBe('long');
    expect(await readFile(join(trial, 'console.log'), 'utf8')).toBe('');
  });

  it('says where it came from', async () => {
    await using folder = await temporaryFolder();
    const { runId, output, target } = await archived(folder.path);
    await importArchive(target, output);
    expect(JSON.parse(await readFile(join(target, runId, 'imported.json'), 'utf8'))).toEqual({
      importedAt: expect.any(String) as unknown,
      archive: 'run.tar.gz',
      archiveSha256: createHash('sha256')
        .update(await readFile(output))
        .digest('hex'),
      tapbenchVersion: '1.0.0',
    });
  });

  it('gives the same bytes again, here and where it was imported', async () => {
    await using folder = await temporaryFolder();
    const { runId, run, output, target } = await archived(folder.path);
    const bytes = await readFile(output);
    await importArchive(target, output);
    for (const place of [run, join(target, runId)]) {
      const again = join(folder.path, 'again.tar.gz');
      await writeArchive({ folder: place, output: again, hasRawFiles: true, tapbenchVersion: '1.0.0' });
      expect((await readFile(again)).equals(bytes)).toBe(true);
    }
  });

  it('can be packed without raw files', async () => {
    await using folder = await temporaryFolder();
    const { runId, output, target } = await archived(folder.path, false);
    await importArchive(target, output);
    expect(
      (await readdir(join(target, runId), { recursive: true })).filter((name) => name.includes('.')).sort(),
    ).toEqual(expect.not.arrayContaining([expect.stringMatching(/console|stdout|txt/)]));
    expect((await readRun(join(target, runId))).trials).toHaveLength(4);
  });

  it('is refused while it has a damaged record, a link, or no header', async () => {
    await using folder = await temporaryFolder();
    const { run, trial } = await archived(folder.path);
    const output = join(folder.path, 'other.tar.gz');
    const archive = async () => await writeArchive({ folder: run, output, hasRawFiles: true, tapbenchVersion: '1' });
    await symlink('/etc/passwd', join(trial, 'link'));
    await expect(archive()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await rm(join(trial, 'link'));
    await writeFile(join(trial, 'trial.json'), '{');
    await expect(archive()).rejects.toMatchObject({ code: 'RECORD_INVALID' });
    await rm(join(run, 'run.json'));
    await expect(archive()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect((await readdir(folder.path)).sort()).toEqual(['run.tar.gz', 'source']);
  });
});

describe('importing a run that the store has', () => {
  it('changes nothing where it is the same, whatever its tags', async () => {
    await using folder = await temporaryFolder();
    const { runId, run, output } = await archived(folder.path);
    await changeTags(run, { add: ['mine'], remove: ['release'] });
    const source = join(folder.path, 'source');
    expect(await importArchive(source, output)).toMatchObject({ runId, status: 'already-there' });
    expect(await readRun(run)).toMatchObject({ tags: ['mine'] });
    expect(await readdir(source)).toEqual(['.tapbench-store', runId]);
  });

  it.each([
    ['a record is another', 'end-001.json', 'its end-001.json is another'],
    ['there is a record more', 'end-002.json', 'end-002.json is not in the archive'],
  ])('is refused where %s', async (_what, name, message) => {
    await using folder = await temporaryFolder();
    const { run, output } = await archived(folder.path);
    await copyFile(join(run, 'run.json'), join(run, name));
    await expect(importArchive(join(folder.path, 'source'), output)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining(message) as unknown,
    });
  });
});

describe('importing more of a run than the store has', () => {
  it('is refused with what is not there, and not called another run', async () => {
    await using folder = await temporaryFolder();
    const { run, output } = await archived(folder.path);
    const records = join(folder.path, 'records.tar.gz');
    await writeArchive({ folder: run, output: records, hasRawFiles: false, tapbenchVersion: '1.0.0' });
    const store = join(folder.path, 'store');
    await importArchive(store, records);
    await expect(importArchive(store, output)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringMatching(/a run of this id that is not all the same: it has no trials\//) as unknown,
    });
    expect(await importArchive(join(folder.path, 'source'), records)).toMatchObject({ status: 'already-there' });
  });
});

describe('an archive that was damaged on its way', () => {
  it('is refused wherever it is cut off, and leaves nothing', async () => {
    await using folder = await temporaryFolder();
    const { output, target } = await archived(folder.path);
    const bytes = await readFile(output);
    const raw = gunzipSync(bytes);
    const file = join(folder.path, 'cut.tar.gz');
    const cuts = [0, 10, bytes.length >> 2, bytes.length >> 1, bytes.length - 1].map((at) => bytes.subarray(0, at));
    const cutInside = [512, 1_000, raw.length >> 1, raw.length - 1_024].map((at) => gzipSync(raw.subarray(0, at)));
    for (const cut of [...cuts, ...cutInside]) {
      await writeFile(file, cut);
      await expect(importArchive(target, file)).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
      expect(existsSync(target)).toBe(false);
    }
  });

  it('is refused where a byte is another', async () => {
    await using folder = await temporaryFolder();
    const { output, target } = await archived(folder.path);
    const raw = gunzipSync(await readFile(output));
    const file = join(folder.path, 'changed.tar.gz');
    for (let at = 100; at < raw.length - 1_024; at += 4_001) {
      const changed = Buffer.from(raw);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await writeFile(file, gzipSync(changed));
      const outcome = await importArchive(target, file).catch((error: unknown) => error);
      // Padding means nothing: there the run is whole all the same.
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'ARCHIVE_REFUSED' });
        expect(existsSync(target)).toBe(false);
      }
      await rm(target, { recursive: true, force: true });
    }
  });
});

describe('a hostile archive', () => {
  const runId = '20261120T100000Z-ab-0000';
  const one = (path: string) => ({ path, content: 'x' });
  const entry = (path: string): Entry => ({ path: `${runId}/${path}`, content: 'x' });

  it.each<[string, Buffer, RegExp]>([
    ['is no gzip', Buffer.from('PK\u0003\u0004 something else'), /no gzip/],
    ['is empty', gzipSync(Buffer.alloc(0)), /cut off/],
    ['is a tar of something else', tarGz([{ path: 'a.txt', content: 'x' }]), /does not begin with/],
    ['is a gzip in a gzip', gzipSync(tarGz([manifestEntry(runId, [])])), /damaged|cut off/],
    ['has no JSON for a manifest', tarGz([{ path: manifestName, content: '{' }]), /can't be read/],
    [
      'has a manifest of a newer version',
      tarGz([{ path: manifestName, content: '{"archiveVersion":9,"schemaVersion":4}' }]),
      /newer/,
    ],
    ['has an endless manifest', tarGz([{ path: manifestName, content: '', size: 2 ** 40 }]), /is larger than/],
    ['leads out by its id', tarGz([manifestEntry('../out', [one('run.json')])]), /runId/],
    ['hides by its id', tarGz([manifestEntry('.import-x', [one('run.json')])]), /runId/],
    ['leads out by a path', tarGz([manifestEntry(runId, [one('../../out')]), entry('../../out')]), /files\.0\.path/],
    ['has an absolute path', tarGz([manifestEntry(runId, [one('/etc/out')]), entry('/etc/out')]), /files\.0\.path/],
    ['has a path with a line break', tarGz([manifestEntry(runId, [one('a\nb')]), entry('a\nb')]), /files\.0\.path/],
    ['has an empty name', tarGz([manifestEntry(runId, [one('a//b')]), entry('a//b')]), /files\.0\.path/],
    ['has a path without end', tarGz([manifestEntry(runId, [one('a/'.repeat(600))])]), /files\.0\.path/],
    [
      'claims where it came from',
      tarGz([manifestEntry(runId, [one('imported.json')]), entry('imported.json')]),
      /files\.0\.path/,
    ],
    ['has a file twice', tarGz([manifestEntry(runId, [one('a'), one('a')]), entry('a'), entry('a')]), /twice the same/],
    [
      'has a file twice in the tar',
      tarGz([manifestEntry(runId, [one('a')]), entry('a'), entry('a')]),
      /not in the manifest/,
    ],
    [
      'has a file that the manifest has not',
      tarGz([manifestEntry(runId, [one('a')]), entry('b')]),
      /is not what the manifest has/,
    ],
    ['lacks a file', tarGz([manifestEntry(runId, [one('a'), one('b')]), entry('a')]), /b is missing/],
    [
      'has a file in place of a folder',
      tarGz([manifestEntry(runId, [one('a'), one('a/b')]), entry('a'), entry('a/b')]),
      /a file where another needs a folder/,
    ],
    [
      'has another content',
      tarGz([manifestEntry(runId, [one('a')]), { path: `${runId}/a`, content: 'y' }]),
      /its sha256 is another/,
    ],
    [
      'has a symbolic link',
      tarGz([manifestEntry(runId, [one('a')]), { ...entry('a'), type: 'SymbolicLink' }]),
      /a SymbolicLink/,
    ],
    ['has a hard link', tarGz([manifestEntry(runId, [one('a')]), { ...entry('a'), type: 'Link' }]), /a Link/],
    [
      'has a device',
      tarGz([manifestEntry(runId, [one('a')]), { ...entry('a'), type: 'CharacterDevice' }]),
      /a CharacterDevice/,
    ],
    ['has a pipe', tarGz([manifestEntry(runId, [one('a')]), { ...entry('a'), type: 'FIFO' }]), /a FIFO/],
    ['has a folder', tarGz([manifestEntry(runId, [one('a')]), { ...entry('a'), type: 'Directory' }]), /a Directory/],
    [
      'claims to be huge',
      tarGz([manifestEntry(runId, [{ ...one('a'), bytes: 2 ** 50 }]), entry('a')]),
      /no run is like that/,
    ],
    [
      'unpacks far larger than it is',
      tarGz([
        manifestEntry(runId, [{ path: 'a', content: '', bytes: 2 ** 30 }]),
        { path: `${runId}/a`, content: Buffer.alloc(2 ** 20), size: 2 ** 30 },
      ]),
      /no run is like that/,
    ],
    ['has something behind its end', tarGz([manifestEntry(runId, [])], Buffer.alloc(30_000, 'x')), /damaged/],
    ['has zeros without end', tarGz([manifestEntry(runId, [])], Buffer.alloc(10 * 2 ** 20)), /behind its end/],
    ['has no run in it', tarGz([manifestEntry(runId, [one('a')]), entry('a')]), /there is no run\.json/],
    [
      'has a run that can not be read',
      tarGz([manifestEntry(runId, [one('run.json')]), entry('run.json')]),
      /run\.json: not JSON/,
    ],
  ])('that %s is refused with the reason, and nothing is written', async (_what, bytes, message) => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, 'target');
    await writeFile(join(folder.path, 'evil.tar.gz'), bytes);
    await expect(importArchive(target, join(folder.path, 'evil.tar.gz'))).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringMatching(message) as unknown,
    });
    expect(await readdir(folder.path)).toEqual(['evil.tar.gz']);
  });

  it('with the records of another run is refused', async () => {
    await using folder = await temporaryFolder();
    const { run, target } = await archived(folder.path);
    const content = await readFile(join(run, 'run.json'), 'utf8');
    const file = join(folder.path, 'other.tar.gz');
    await writeFile(
      file,
      tarGz([manifestEntry(runId, [{ path: 'run.json', content }]), { path: `${runId}/run.json`, content }]),
    );
    await expect(importArchive(target, file)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('not of') as unknown,
    });
    expect(existsSync(target)).toBe(false);
  });

  it.each([
    ['is not there', 'none.tar.gz', 'none.tar.gz: no such file'],
    ['is a folder', '.', 'it is a folder'],
  ])('that %s is refused by its name, before a store is made', async (_what, name, message) => {
    await using folder = await temporaryFolder();
    await expect(importArchive(join(folder.path, 'store'), join(folder.path, name))).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining(message) as unknown,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });
});
