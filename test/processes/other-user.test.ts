import {
  chmod,
  chown,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ProcessResult, run, type StartedProcess, start } from '../../src/lab/process.ts';
import { identityOf } from '../../src/lab/process-identity.ts';
import { requireOrSkip } from '../integration/requirement.ts';
import { asUser } from '../integration/support/nobody.ts';
import { condition } from '../integration/support/session.ts';

const repository = dirname(dirname(import.meta.dirname));
const main = join(repository, 'src/cli/main.ts');
const archive = join(repository, 'docs/evidence/2026-11-23-offloads/run.tar.gz');
const note = join(repository, 'test/fixtures/lab-note/note/vm-client.md');
const deadlineMs = 60_000;

/** Who plants, and whom it is meant for. */
const other = 70_002;
const victim = 70_001;

/** A shared folder, as /tmp is, with a home of the victim in it. */
let shared: string;
let home: string;
beforeEach(async () => {
  shared = await mkdtemp(join(tmpdir(), 'other-user-'));
  await chmod(shared, 0o1777);
  home = await owned(join(shared, 'home'), victim, 0o755);
});
afterEach(async () => {
  await rm(shared, { recursive: true, force: true });
});

async function owned(path: string, user: number, mode: number): Promise<string> {
  await mkdir(path, { recursive: true });
  await chown(path, user, user);
  await chmod(path, mode);
  return path;
}

async function ownedFile(path: string, user: number, text: string): Promise<string> {
  await writeFile(path, text, { mode: 0o644 });
  await chown(path, user, user);
  return path;
}

function environment(changes: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const unset = { XDG_RUNTIME_DIR: undefined, XDG_CACHE_HOME: undefined, XDG_DATA_HOME: undefined };
  return { ...unset, TAPBENCH_STORE: undefined, TAPBENCH_RUNTIME_DIR: undefined, HOME: home, ...changes };
}

async function tapbench(words: readonly string[], changes: Readonly<Record<string, string>>): Promise<ProcessResult> {
  const argv = [...asUser(victim), process.execPath, main, ...words];
  return await run(argv, { deadlineMs, acceptsFailure: true, env: environment(changes), cwd: '/' });
}

/** Things of the victim, and a ledger that says that a dead run of tapbench made them. */
interface Trap {
  readonly text: string;
  readonly process: StartedProcess;
  readonly folder: string;
  readonly file: string;
}

async function trap(): Promise<Trap> {
  const folder = await owned(join(home, 'thesis'), victim, 0o755);
  const file = await ownedFile(join(home, 'rc'), victim, 'precious\n');
  const sleeper = await start([...asUser(victim), 'sleep', '60']);
  await condition('the sleeper', async () =>
    (await readFile(`/proc/${String(sleeper.pid)}/comm`, 'utf8')) === 'sleep\n' ? true : null,
  );
  const identity = identityOf(sleeper.pid);
  const entries = [
    { kind: 'folder', path: folder },
    { kind: 'setting', path: file, before: 'planted', after: 'precious' },
    { kind: 'process', pid: sleeper.pid, startTime: identity?.startTime ?? '', what: 'VMM' },
    { kind: 'namespace', name: '../../etc' },
  ];
  const lines = [
    { event: 'owner', pid: 1, startTime: '1', command: 'tapbench run' },
    ...entries.map((entry, index) => ({ event: 'make', id: index + 1, entry })),
  ];
  return { text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), process: sleeper, folder, file };
}

async function expectUntouched({ folder, file, process: sleeper }: Trap): Promise<void> {
  expect((await stat(folder)).isDirectory()).toBe(true);
  expect(await readFile(file, 'utf8')).toBe('precious\n');
  expect(sleeper.hasEnded).toBe(false);
  await sleeper.stop();
}

/** A database and a journal that SQLite would play back, and delete afterwards. */
async function plantDatabase(path: string): Promise<string> {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE planted (x)');
  database.close();
  await chown(path, other, other);
  await chmod(path, 0o666);
  // Its header: magic, one page, no salt, two pages in all, sectors of 512 (sqlite.org/fileformat2.html, "The Rollback Journal").
  const journal = Buffer.alloc(512);
  journal.write('d9d505f920a163d7', 'hex');
  for (const [index, word] of [0, 0, 2, 512, 4096].entries()) journal.writeUInt32BE(word, 8 + 4 * index);
  await writeFile(`${path}-journal`, journal);
  await chown(`${path}-journal`, other, other);
  await chmod(`${path}-journal`, 0o666);
  return `${path}-journal`;
}

const describeHere = await requireOrSkip('root');

describeHere("a runtime folder with another user's hands in it", () => {
  it.each([
    {
      planted: 'made by them',
      plant: async (folder: string) => {
        await owned(folder, other, 0o755);
        return folder;
      },
      says: `belongs to user ${String(other)}`,
    },
    {
      planted: 'a link of theirs to a folder of the victim',
      plant: async (folder: string) => {
        const real = await owned(join(home, 'real'), victim, 0o755);
        await symlink(real, folder);
        await lchown(folder, other, other);
        return real;
      },
      says: `is a link of user ${String(other)}`,
    },
    {
      planted: 'that their group may write to',
      plant: async (folder: string) => {
        await owned(folder, victim, 0o755);
        await chown(folder, victim, other);
        await chmod(folder, 0o770);
        return folder;
      },
      says: `can be written by group ${String(other)}`,
    },
    {
      planted: 'below a folder of theirs',
      plant: async (folder: string) => {
        await owned(folder, other, 0o755);
        return await owned(join(folder, 'below'), victim, 0o755);
      },
      below: 'below',
      says: `belongs to user ${String(other)}`,
    },
  ])('is refused, and its ledger does nothing: $planted', async ({ plant, says, below = '' }) => {
    const set = await trap();
    const folder = join(shared, 'runtime');
    const ledgers = await owned(join(await plant(folder), 'ledger'), other, 0o777);
    await ownedFile(join(ledgers, '1-1.jsonl'), other, set.text);
    const result = await tapbench(['clean'], { TAPBENCH_RUNTIME_DIR: join(folder, below) });
    expect([result.exitStatus, result.stdout]).toEqual([3, '']);
    expect(result.stderr).toContain(`${folder} ${says}`);
    expect(result.stderr).toContain('set TAPBENCH_RUNTIME_DIR to a folder of your own');
    await expectUntouched(set);
  });

  it('is refused in /tmp, which is the default of a user without a session', async () => {
    const set = await trap();
    const folder = `/tmp/tapbench-${String(victim)}`;
    try {
      const ledgers = await owned(join(await owned(folder, other, 0o777), 'ledger'), other, 0o777);
      await ownedFile(join(ledgers, '1-1.jsonl'), other, set.text);
      const result = await tapbench(['clean'], {});
      expect([result.exitStatus, result.stdout]).toEqual([3, '']);
      expect(result.stderr).toContain(`${folder} belongs to user ${String(other)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    await expectUntouched(set);
  });

  it('does what the ledger of a run of the same user says only within what runs make', async () => {
    const set = await trap();
    const runtime = await owned(join(shared, 'runtime'), victim, 0o700);
    const ledgers = await owned(join(runtime, 'ledger'), victim, 0o700);
    await ownedFile(join(ledgers, '1-1.jsonl'), other, set.text);
    const foreign = await tapbench(['clean'], { TAPBENCH_RUNTIME_DIR: runtime });
    expect(foreign).toMatchObject({ exitStatus: 4, stdout: 'nothing to remove\n' });
    expect(foreign.stderr).toContain(`1-1.jsonl lists: it belongs to user ${String(other)}`);
    await expectUntouched(set);
    const again = await trap();
    await ownedFile(join(ledgers, '1-1.jsonl'), victim, again.text.replace(/.*"process".*\n/, ''));
    const own = await tapbench(['clean'], { TAPBENCH_RUNTIME_DIR: runtime });
    expect(own).toMatchObject({ exitStatus: 4, stdout: 'nothing to remove\n' });
    for (const reason of ['no run makes folders there', 'no run sets that file', 'no run gives that name'])
      expect(own.stderr).toContain(reason);
    await expectUntouched(again);
  });

  it('has no file written over through a link that waits for the lock of a process', async () => {
    const folder = await owned(join(shared, 'runtime'), other, 0o777);
    const file = await ownedFile(join(home, 'rc'), victim, 'precious\n');
    const script = `
      const { takeRunLock } = await import('${repository}/src/lab/run-lock.ts');
      process.stdout.write(String(process.pid));
      process.stdin.once('data', () => {
        try { takeRunLock(${JSON.stringify(folder)}, 'run')[Symbol.dispose](); } catch (error) { process.stderr.write(error.code); }
        process.stdin.destroy();
      });
    `;
    const argv = [...asUser(victim), process.execPath, '--input-type=module', '-e', script];
    await using taker = await start(argv, { stdin: 'pipe', env: environment({}), stdout: 'pipe', cwd: '/' });
    await new Promise((resolve) => taker.stdout?.once('data', resolve));
    for (const name of [`run.lock.${String(taker.pid)}`, `run.lock.dead.${String(taker.pid)}`, 'run.lock']) {
      await symlink(file, join(folder, name));
      await lchown(join(folder, name), other, other);
    }
    taker.stdin?.end('go');
    expect((await taker.ended).stderr).toBe('FOLDER_UNSAFE');
    expect(await readFile(file, 'utf8')).toBe('precious\n');
  });
});

describeHere("a cache and a store with another user's hands in them", () => {
  it.each([
    { part: '', mode: 0o755 },
    { part: 'images', mode: 0o755 },
  ])('no image is taken from a cache of theirs: /$part', async ({ part, mode }) => {
    const cache = await owned(join(shared, 'cache'), victim, 0o755);
    await owned(join(cache, 'tapbench'), part === '' ? other : victim, mode);
    await owned(join(cache, 'tapbench', 'images'), other, 0o777);
    const result = await tapbench(['image', 'list'], { XDG_CACHE_HOME: cache });
    expect([result.exitStatus, result.stdout]).toEqual([3, '']);
    expect(result.stderr).toContain(
      `${join(cache, 'tapbench', part)} belongs to user ${String(other)}`.replace('/ ', ' '),
    );
    expect(result.stderr).toContain('set XDG_CACHE_HOME to a folder of your own');
  });

  it('no run is written into a store of theirs, but into one of a user who is trusted', async () => {
    const store = await owned(join(shared, 'store'), other, 0o777);
    const refused = await tapbench(['import', archive, '--store', store], {});
    expect(refused.exitStatus).toBe(3);
    expect(refused.stderr).toContain(`${store} belongs to user ${String(other)}`);
    await chmod(store, 0o1777);
    const trusted = { TAPBENCH_TRUSTED_USERS: String(other) };
    expect(await tapbench(['import', archive, '--store', store], trusted)).toMatchObject({ exitStatus: 0 });
  });

  it('theirs can be read, and nothing is written into it', async () => {
    const store = await owned(join(shared, 'store'), other, 0o777);
    const own = join(home, 'runs');
    await tapbench(['import', archive, '--store', own], {});
    await run(['cp', '-r', `${own}/.`, store], { deadlineMs });
    await rm(join(store, 'index.sqlite'), { force: true });
    const file = await ownedFile(join(home, 'rc'), victim, '');
    await symlink(file, join(store, 'index.sqlite'));
    await lchown(join(store, 'index.sqlite'), other, other);
    const { exitStatus, stdout } = await tapbench(['list', '--store', store], {});
    expect([exitStatus, stdout]).toEqual([0, expect.stringContaining('16/16')]);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('no database is opened where theirs may lie beside it: not the index, and not the lock of tags', async () => {
    const store = await owned(join(shared, 'store'), victim, 0o1777);
    await tapbench(['import', archive, '--store', store], {});
    await rm(join(store, 'index.sqlite'), { force: true });
    const journal = await plantDatabase(join(store, 'index.sqlite'));
    const listed = await tapbench(['list', '--store', store], {});
    expect([listed.exitStatus, listed.stdout]).toEqual([0, expect.stringContaining('16/16')]);
    expect(listed.stderr).toContain('going on without it');
    expect((await stat(journal)).size).toBe(512);

    const [runId = ''] = (await readdir(store)).filter((name) => name.startsWith('2026'));
    const folder = join(store, runId);
    await chmod(folder, 0o1777);
    const beside = await plantDatabase(join(folder, '.tags.lock'));
    const tagged = await tapbench(['tag', folder, 'mine'], {});
    expect([tagged.exitStatus, tagged.stdout]).toEqual([3, '']);
    expect(tagged.stderr).toContain(`${folder} can be written by everybody`);
    expect((await stat(beside)).size).toBe(512);
  });

  it('a draft of an import is removed only where it is ours', async () => {
    const store = await owned(join(shared, 'store'), victim, 0o1777);
    await tapbench(['import', archive, '--store', store], {});
    const theirs = await owned(join(store, '.import-theirs'), other, 0o755);
    const ours = await owned(join(store, '.import-ours'), victim, 0o755);
    const open = await owned(join(store, '.import-open'), victim, 0o777);
    await symlink(home, join(store, '.import-link'));
    for (const path of [theirs, ours, open]) await utimes(path, 0, 0);
    const cleaned = await tapbench(['clean', '--store', store], { TAPBENCH_RUNTIME_DIR: join(home, 'run') });
    expect(cleaned.stdout).toBe(`removed half an import: ${ours}\n`);
    const left = (await readdir(store)).filter((name) => name.startsWith('.import-'));
    expect(left).toEqual(['.import-link', '.import-open', '.import-theirs']);
  });
});

describeHere("an output in a folder with another user's hands in it", () => {
  const report = async (output: string): Promise<ProcessResult> =>
    await tapbench(['report', note, '--output', output], {});

  it.each(['the file', 'a folder on the way'])('goes through no link of theirs: %s', async (link) => {
    const file = await ownedFile(join(home, 'rc.md'), victim, 'precious\n');
    const [target, path] = link === 'the file' ? [file, ''] : [home, 'rc.md'];
    const planted = join(shared, 'report.md');
    await symlink(target, planted);
    await lchown(planted, other, other);
    const refused = await report(join(planted, path));
    expect([refused.exitStatus, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toContain(`${planted} is a link of user ${String(other)}`);
    expect(await readFile(file, 'utf8')).toBe('precious\n');
    await lchown(planted, victim, victim);
    expect(await report(join(planted, path))).toMatchObject({ exitStatus: 0 });
    expect(await readFile(file, 'utf8')).toContain('# Result');
  });

  it('has no rights that they gave to the file that was there', async () => {
    await chmod(shared, 0o777);
    const output = await ownedFile(join(shared, 'report.md'), other, '');
    await chmod(output, 0o666);
    expect(await report(output)).toMatchObject({ exitStatus: 0 });
    const { uid, mode } = await stat(output);
    expect([uid, mode & 0o022]).toEqual([victim, 0]);
  });
});
