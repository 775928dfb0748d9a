import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { run } from '../../src/lab/process.ts';
import { useSession } from '../integration/support/session.ts';
import { storeRun } from '../sample/history.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const deadlineMs = 60_000;

const answers = z.object({
  list: z.array(z.object({ runId: z.string(), status: z.string(), problem: z.string().nullable() })),
  latest: z.string(),
  good: z.string(),
  bad: z.string(),
  rows: z.array(z.string()),
  series: z.array(z.string()),
  reindexed: z.number(),
  notices: z.array(z.string()),
});

/** Everything that reads a store, in a process of its own, as one that waits at a pipe never comes back. */
function reading(store: string, good: string, bad: string): string {
  return `
    import * as api from ${JSON.stringify(join(root, 'src/api/index.ts'))};
    import ${JSON.stringify(join(root, 'src/store/list-runs.ts'))};
    import ${JSON.stringify(join(root, 'src/store/index/refresh-figures.ts'))};
    import ${JSON.stringify(join(root, 'src/store/index/refresh-verdicts.ts'))};
    import ${JSON.stringify(join(root, 'src/api/run-verdicts.ts'))};
    const notices = [];
    const options = { store: ${JSON.stringify(store)}, onNotice: (text) => notices.push(text) };
    const told = (error) => error instanceof api.TapbenchError ? error.code + ' ' + error.message : 'FAULT ' + error.stack;
    const read = (id) => api.readRun(id, options).then(({ damaged }) => 'ok ' + damaged.map(({ error }) => error.message), told);
    const collect = async (rows) => { const runs = new Set(); for await (const { run } of rows) runs.add(run); return [...runs]; };
    const result = {
      list: await api.listRuns(options),
      latest: await read('latest'),
      good: await read(${JSON.stringify(good)}),
      bad: await read(${JSON.stringify(bad)}),
      rows: await collect(api.exportedRows({ ...options, onDamaged: () => undefined })),
      series: (await api.seriesOf({ metric: 'throughput.bitsPerSecond' }, options)).map(({ runId }) => runId),
      reindexed: (await api.reindexStore(options).catch((error) => ({ runs: told(error).startsWith('FAULT') ? -1 : 2 }))).runs,
      notices,
    };
    await api.listRuns({ ...options, filter: { verdict: 'better' } });
    console.log(JSON.stringify(result));`;
}

async function read(store: string, good: string, bad: string): Promise<z.infer<typeof answers>> {
  // Root may read whatever it likes; without these capabilities it may what its files' modes say. (Another user may not reach a checkout below /root.)
  const asOwner = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];
  const argv = [...asOwner, process.execPath, '--input-type=module-typescript', '--eval', reading(store, good, bad)];
  const { stdout } = await run(argv, { cwd: root, deadlineMs });
  return answers.parse(JSON.parse(stdout));
}

/** Something else in the place of a file or a folder. */
type Breakage = (path: string) => Promise<unknown>;

const made = async (...argv: string[]) => await run(argv, { deadlineMs });
const pipe: Breakage = async (path) => await made('mkfifo', path);
const zero: Breakage = async (path) => {
  await symlink('/dev/zero', path);
};
const loop: Breakage = async (path) => {
  await symlink(path, path);
};
const nowhere = (path: string): string => `${path}-nowhere`;
const dangling: Breakage = async (path) => {
  await symlink(nowhere(path), path);
};
const folder: Breakage = async (path) => {
  await mkdir(path);
};
const file: Breakage = async (path) => {
  await writeFile(path, 'x');
};
const garbage: Breakage = async (path) => {
  await writeFile(path, 'x'.repeat(10_000));
};
const locked: Breakage = async (path) => {
  await writeFile(path, '{}');
  await chmod(path, 0);
};
const lockedFolder: Breakage = async (path) => {
  await mkdir(path);
  await chmod(path, 0);
};
const huge: Breakage = async (path) => {
  await using handle = await open(path, 'w');
  await handle.truncate(2 ** 33);
};

async function twoRuns(store: string): Promise<{ good: string; bad: string; trial: string }> {
  const good = (await storeRun(store, { startedAt: '2026-11-20T10:00:00.000Z', boots: 2 })).runId;
  const { runId: bad, plan } = await storeRun(store, { startedAt: '2026-11-21T10:00:00.000Z', boots: 2 });
  return { good, bad, trial: plan[0]?.trialId ?? '' };
}

describe('a run that can not be read', () => {
  const headers: [string, Breakage][] = [
    ['a pipe', pipe],
    ['a link to a device', zero],
    ['a circle of links', loop],
    ['a folder', folder],
    ['a file without permission', locked],
    ['a file of 8 GiB', huge],
  ];
  const folders: [string, Breakage][] = [
    ['a file', file],
    ['a pipe', pipe],
    ['a circle of links', loop],
    ['a link to nowhere', dangling],
    ['a folder without permission', lockedFolder],
  ];
  const cases: [string, string, Breakage][] = [
    ...headers.map(([what, breakage]): [string, string, Breakage] => ['run.json', what, breakage]),
    ...folders.map(([what, breakage]): [string, string, Breakage] => ['', what, breakage]),
  ];

  it.each(cases)(
    'as its %j is %s is listed with the reason, and all others are served',
    async (name, _what, breakage) => {
      await using place = await temporaryFolder();
      const store = join(place.path, 'store');
      await chmod(place.path, 0o755);
      const { good, bad } = await twoRuns(store);
      const path = join(store, bad, name);
      await rm(path, { recursive: true });
      await breakage(path);
      const answer = await read(store, good, bad);
      expect(answer.list).toMatchObject([
        { runId: bad, status: 'damaged', problem: expect.any(String) as unknown },
        { runId: good, status: 'done', problem: null },
      ]);
      expect(answer).toMatchObject({ good: 'ok ', latest: 'ok ', rows: [good], reindexed: 2 });
      expect(new Set(answer.series)).toEqual(new Set([good]));
      expect(answer.bad).toMatch(/^(RECORD_INVALID|STORE_FAILED|RUN_NOT_FOUND) /);
    },
  );

  const records: [string, string, Breakage][] = [
    ['trials', 'a file', file],
    ['trials', 'a pipe', pipe],
    ['trials', 'a folder without permission', lockedFolder],
    ['trials', 'a circle of links', loop],
    ['trial', 'a file', file],
    ['trial', 'a folder without permission', lockedFolder],
    ['trial.json', 'a pipe', pipe],
    ['trial.json', 'a link to a device', zero],
    ['trial.json', 'a circle of links', loop],
    ['trial.json', 'a folder', folder],
    ['tags.json', 'a pipe', pipe],
    ['tags.json', 'a link to a device', zero],
    ['tags.json', 'a file without permission', locked],
    ['tags.json', 'a folder', folder],
    ['end-001.json', 'a pipe', pipe],
    ['end-001.json', 'a link to a device', zero],
    ['end-001.json', 'a file of 8 GiB', huge],
  ];

  it.each(records)(
    'in part, as %s is %s, is listed with the reason, and the rest of it is served',
    async (name, _what, breakage) => {
      await using place = await temporaryFolder();
      const store = join(place.path, 'store');
      await chmod(place.path, 0o755);
      const { good, bad, trial } = await twoRuns(store);
      const paths: Readonly<Record<string, string>> = {
        trial: `trials/${trial}`,
        'trial.json': `trials/${trial}/trial.json`,
      };
      const path = join(store, bad, paths[name] ?? name);
      await rm(path, { recursive: true, force: true });
      await breakage(path);
      const answer = await read(store, good, bad);
      expect(answer.list).toMatchObject([{ runId: bad }, { runId: good, status: 'done', problem: null }]);
      // A plain file among the folders of trials is no trial.
      if (name !== 'trial' || breakage !== file) {
        expect(answer.list[0]).toMatchObject({ status: 'damaged', problem: expect.stringContaining(name) as unknown });
        expect(answer.bad).toMatch(/^ok .+/);
      }
      expect(answer).toMatchObject({ good: 'ok ', reindexed: 2 });
      expect(answer.rows).toContain(good);
      expect(answer.series).toContain(good);
      if (!name.startsWith('trials')) expect(answer.rows).toContain(bad);
    },
  );
});

describe('an index or a lock that is something else', () => {
  const cases: [string, string, Breakage][] = ['index.sqlite', 'index.sqlite-wal', '.index.lock'].flatMap((name) =>
    (
      [
        ['a pipe', pipe],
        ['a link to a device', zero],
        ['a circle of links', loop],
        ['a link to nowhere', dangling],
        ['a folder', folder],
        ['a file of something else', garbage],
      ] satisfies [string, Breakage][]
    ).map(([what, breakage]): [string, string, Breakage] => [name, what, breakage]),
  );

  it.each(cases)('as %s is %s, is done without', async (name, _what, breakage) => {
    await using place = await temporaryFolder();
    const store = join(place.path, 'store');
    await chmod(place.path, 0o755);
    const { good, bad } = await twoRuns(store);
    await breakage(join(store, name));
    const answer = await read(store, good, bad);
    expect(answer.list.map(({ runId, status }) => [runId, status])).toEqual([
      [bad, 'done'],
      [good, 'done'],
    ]);
    expect(answer).toMatchObject({ good: 'ok ', bad: 'ok ', reindexed: 2 });
    expect(new Set(answer.series)).toEqual(new Set([good, bad]));
    expect(existsSync(nowhere(join(store, name)))).toBe(false);
  });
});

describe('a folder that is no store', () => {
  const session = useSession();

  it('is refused by whatever reads or writes one, and nothing is written', async () => {
    const other = join(session().folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'hosts'), 'x');
    const archive = join(session().folder, 'run.tar.gz');
    await writeFile(archive, 'x');
    for (const words of [
      ['list'],
      ['show', 'latest'],
      ['export', '--format', 'csv'],
      ['history', 'throughput'],
      ['reindex'],
      ['tag', 'latest', 'x'],
      ['compare', 'latest'],
      ['archive', 'latest'],
      ['import', archive],
    ]) {
      const result = await session().run([...words, '--store', other]);
      expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
      expect(result.stderr).toContain('is no store of tapbench');
    }
    const cleaned = await session().run(['clean', '--store', other]);
    expect(cleaned).toMatchObject({ exitStatus: 4 });
    expect(await readdir(other)).toEqual(['hosts']);
  });

  it('is one when it is empty, or was one of an older version', async () => {
    const empty = join(session().folder, 'empty');
    await mkdir(empty);
    expect(await session().run(['list', '--store', empty])).toMatchObject({ exitStatus: 0 });
    expect(await readdir(empty)).toEqual([]);
    const old = join(session().folder, 'old');
    const { runId } = await storeRun(old);
    await rm(join(old, '.tapbench-store'));
    await writeFile(join(old, 'notes.txt'), 'mine');
    const listed = await session().run(['list', '--store', old]);
    expect(listed).toMatchObject({ exitStatus: 0 });
    expect(listed.stdout).toContain(runId);
  });

  it('has a lock of tags that is none: what it is, is said', async () => {
    const { runId } = await storeRun(session().store);
    const lock = join(session().store, runId, '.tags.lock');
    for (const breakage of [pipe, zero, folder, garbage]) {
      await breakage(lock);
      const result = await session().run(['tag', runId, 'x']);
      expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
      expect(result.stderr).toMatch(/\.tags\.lock is no lock of tapbench\n {2}Locks of tapbench/);
      await rm(lock, { recursive: true });
    }
  });
});
