import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { manifestEntry, type PackedFile, packed, tarGz, unpacked } from '../../../test/sample/archive.ts';
import { storeRun } from '../../../test/sample/history.ts';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { mostRecordBytes } from '../bounded-json.ts';
import { manifestName } from './archive-manifest.ts';
import { importArchive } from './import-archive.ts';
import { writeArchive } from './write-archive.ts';

interface Run {
  readonly runId: string;
  readonly files: readonly PackedFile[];
}

/** A run as it lies in an archive. */
async function archivedRun(): Promise<Run> {
  await using folder = await temporaryFolder();
  const { runId } = await storeRun(folder.path);
  const output = join(folder.path, 'run.tar.gz');
  await writeArchive({ folder: join(folder.path, runId), output, hasRawFiles: true, tapbenchVersion: '1.0.0' });
  return unpacked(await readFile(output));
}

/** With this in place of that, in one file. */
function edited({ runId, files }: Run, path: RegExp, [from, to]: readonly [string | RegExp, string]): Run {
  const one = files.find((file) => path.test(file.path));
  if (one === undefined || one.content.replace(from, to) === one.content)
    throw new Error(`${String(from)} is not there`);
  return {
    runId,
    files: files.map((file) => (file === one ? { ...one, content: one.content.replace(from, to) } : file)),
  };
}

const headerText = z.looseObject({
  experiment: z.looseObject({ configurations: z.array(z.looseObject({ workloads: z.array(z.unknown()) })) }),
});

type Configurations = z.infer<typeof headerText>['experiment']['configurations'];

/** With other configurations in the header. */
function withConfigurations({ runId, files }: Run, change: (all: Configurations) => Configurations): Run {
  const changed = (content: string): string => {
    const value = headerText.parse(JSON.parse(content));
    const configurations = change(value.experiment.configurations);
    return JSON.stringify({ ...value, experiment: { ...value.experiment, configurations } });
  };
  return {
    runId,
    files: files.map((file) => (header.test(file.path) ? { ...file, content: changed(file.content) } : file)),
  };
}

/** Each configuration is there twice. */
function doubled(run: Run): Run {
  return withConfigurations(run, (all) => all.flatMap((one) => [one, one]));
}

/** Each workload is there twice. */
function doubledWorkloads(run: Run): Run {
  const twice = (one: Configurations[number]) => one.workloads.flatMap((workload) => [workload, workload]);
  return withConfigurations(run, (all) => all.map((one) => ({ ...one, workloads: twice(one) })));
}

/** Under another id, in all records. */
function renamed({ runId, files }: Run, to: string): Run {
  return { runId: to, files: files.map(({ path, content }) => ({ path, content: content.replaceAll(runId, to) })) };
}

const header = /^run\.json$/;
const trial = /^trials\/[^/]+\/trial\.json$/;
const count = /"bitsPerSecond": [\d.e+]+/;

/** Imports an archive, which must be refused with that reason and leave no store behind. */
async function expectRefused(bytes: Buffer, message: RegExp): Promise<void> {
  await using folder = await temporaryFolder();
  const archive = join(folder.path, 'run.tar.gz');
  await writeFile(archive, bytes);
  await expect(importArchive(join(folder.path, 'store'), archive)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringMatching(message) as unknown,
  });
  expect(existsSync(join(folder.path, 'store'))).toBe(false);
}

describe('a foreign archive', () => {
  let run: Run;
  beforeAll(async () => {
    run = await archivedRun();
  });
  const bytesOf = ({ runId, files }: Run) => packed(runId, files);
  const withFile = (path: string) => ({ ...run, files: [...run.files, { path, content: 'x' }] });
  const day = 86_400_000;
  const stamp = (ms: number) => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const future = () => {
    const moment = new Date(Date.now() + 3 * day).toISOString();
    return edited(renamed(run, `${stamp(Date.parse(moment))}-ab-0000`), header, [
      /"startedAt": "[^"]*"/,
      `"startedAt": "${moment}"`,
    ]);
  };

  it.each<[string, () => Buffer, RegExp]>([
    ['has a file where its trials belong', () => bytesOf(withFile('trials')), /files/],
    ['has a file where a trial belongs', () => bytesOf(withFile('trials/x')), /path/],
    ['has a folder where a record belongs', () => bytesOf(withFile('trials/x/trial.json/y')), /path/],
    ['has a folder where its tags belong', () => bytesOf(withFile('tags.json/x')), /path/],
    ['has a lock of its own', () => bytesOf(withFile('.tags.lock')), /path/],
    ['has folders without end', () => bytesOf(withFile('a/'.repeat(20) + 'b')), /path/],
    ['calls itself as the index', () => bytesOf(renamed(run, 'index.sqlite-wal')), /runId/],
    ['calls itself as no run is called', () => bytesOf(renamed(run, 'zz')), /runId/],
    ['has a day in its id that there is not', () => bytesOf(renamed(run, '20261131T100000Z-ab-0000')), /runId/],
    ['has an id of another time', () => bytesOf(renamed(run, '20261121T100000Z-ab-0000')), /began at another time/],
    ['began in the future', () => bytesOf(future()), /future/],
    [
      'has a time that is none',
      () => bytesOf(edited(run, header, [/"startedAt": "[^"]*"/, '"startedAt": "\\u001b[31m"'])),
      /startedAt/,
    ],
    [
      'has a trial with a time that is none',
      () => bytesOf(edited(run, trial, [/"endedAt": "[^"]*"/, '"endedAt": "x"'])),
      /endedAt/,
    ],
    [
      'has an end with a time that is none',
      () => bytesOf(edited(run, /^end-/, [/"endedAt": "[^"]*"/, '"endedAt": "x"'])),
      /endedAt/,
    ],
    ['has an infinite figure', () => bytesOf(edited(run, trial, [count, '"bitsPerSecond": 1e999'])), /bitsPerSecond/],
    ['has a negative figure', () => bytesOf(edited(run, trial, [count, '"bitsPerSecond": -1'])), /bitsPerSecond/],
    ['has a figure out of range', () => bytesOf(edited(run, trial, [count, '"bitsPerSecond": 1e300'])), /out of range/],
    [
      'has a figure next to nothing',
      () => bytesOf(edited(run, trial, [count, '"bitsPerSecond": 1e-320'])),
      /out of range/,
    ],
    ['has a boot out of range', () => bytesOf(edited(run, trial, [/"boot": 1/, '"boot": 1e15'])), /boot/],
    [
      'has a trial of another folder',
      () => bytesOf(edited(run, trial, [/"trialId": "[^"]*"/, '"trialId": "other"'])),
      /of the trial "other"/,
    ],
    [
      'has a trial that leads out by its id',
      () => bytesOf(edited(run, trial, [/"trialId": "[^"]*"/, '"trialId": "../x"'])),
      /trialId/,
    ],
    [
      'has a workload whose name has any length',
      () => bytesOf(edited(run, trial, [/"workload": "[^"]*"/, `"workload": "${'|'.repeat(1_001)}"`])),
      /workload/,
    ],
    [
      'has a thread whose name has any length',
      () => bytesOf(edited(run, trial, [/("threads": \[\s*\{[^}]*?"name": )"[^"]*"/, `$1"${'|'.repeat(1_001)}"`])),
      /name/,
    ],
    ['has configurations of one name', () => bytesOf(doubled(run)), /one name/],
    ['has workloads of one name', () => bytesOf(doubledWorkloads(run)), /two workloads have one name/],
    ['plans a trial twice', () => bytesOf(edited(run, header, ['002-mtu-9000-b1', '001-mtu-1500-b1'])), /twice/],
    [
      'has tags that are none',
      () =>
        bytesOf({
          ...run,
          files: [...run.files, { path: 'tags.json', content: '{"schemaVersion":4,"tags":["\\n::error::"]}' }],
        }),
      /tags/,
    ],
  ])('that %s is refused with the reason, and nothing is written', async (_what, bytes, message) => {
    await expectRefused(bytes(), message);
  });

  const manifest = (changes: object) =>
    tarGz([
      {
        path: manifestName,
        content: JSON.stringify({
          archiveVersion: 1,
          runId: run.runId,
          schemaVersion: 4,
          tapbenchVersion: '1.0.0',
          hasRawFiles: true,
          files: [],
          ...changes,
        }),
      },
    ]);
  const large = (bytes: number) => {
    const content = run.files.find(({ path }) => header.test(path))?.content ?? '';
    return tarGz([
      manifestEntry(run.runId, [{ path: 'run.json', content, bytes }]),
      { path: `${run.runId}/run.json`, content, size: bytes },
    ]);
  };
  const numbered = (path: string, size: Buffer) => {
    const tar = Buffer.alloc(2048);
    tar.write(path, 0);
    tar.write('0000644\0', 100);
    size.copy(tar, 124);
    tar.write('        ', 148);
    tar.write('0', 156);
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return gzipSync(tar);
  };

  it.each<[string, () => Buffer, RegExp]>([
    ['is of a newer schema', () => manifest({ schemaVersion: 99 }), /newer tapbench/],
    ['is of a schema that there is not', () => manifest({ schemaVersion: -1 }), /schemaVersion/],
    ['was made by what steers a terminal', () => manifest({ tapbenchVersion: '\u001b[31m' }), /tapbenchVersion/],
    [
      'ended more often than any run',
      () => {
        const ends = Array.from({ length: 1_001 }, (_, end) => ({
          path: `end-${String(end).padStart(4, '0')}.json`,
          content: '',
        }));
        return tarGz([manifestEntry(run.runId, ends)]);
      },
      /more than 1,000 ends/,
    ],
    ['has a record of any size', () => large(mostRecordBytes + 1), /run\.json has \d+ bytes/],
    [
      'has a size that no number holds',
      () => numbered(manifestName, Buffer.from([0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255])),
      /damaged/,
    ],
    ['has a negative size', () => numbered(manifestName, Buffer.alloc(12, 255)), /damaged|begin/],
  ])('that %s is refused before more of it is read', async (_what, bytes, message) => {
    await expectRefused(bytes(), message);
  });

  it('is taken as it is where nothing of it was changed', async () => {
    await using folder = await temporaryFolder();
    const archive = join(folder.path, 'run.tar.gz');
    await writeFile(archive, bytesOf(run));
    expect(await importArchive(join(folder.path, 'store'), archive)).toMatchObject({
      runId: run.runId,
      status: 'imported',
    });
  });

  it('is not taken by one that is interrupted, and leaves nothing', async () => {
    await using folder = await temporaryFolder();
    const archive = join(folder.path, 'run.tar.gz');
    await writeFile(archive, bytesOf(run));
    const store = join(folder.path, 'store');
    const reason = new Error('enough');
    for (const at of [0, 1, 5, 20]) {
      const controller = new AbortController();
      const importing = importArchive(store, archive, controller.signal);
      const outcome = importing.then(
        () => 'imported',
        (error: unknown) => error,
      );
      setTimeout(() => {
        controller.abort(reason);
      }, at);
      const result = await outcome;
      if (result === 'imported') break;
      expect(result).toBe(reason);
      expect(existsSync(join(store, run.runId))).toBe(false);
    }
  });
});
