import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clean } from './clean.ts';
import { Ledger, readLedger, readLedgers } from './ledger.ts';
import { start } from './process.ts';
import { identityOf, ownIdentity } from './process-identity.ts';
import { isStopped, stopProcess } from './stopped-process.ts';
import type { Undoable } from './undoable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapbench-ledger-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What runs may make, were this folder the place for all of it. */
const undoable = (): Undoable => ({
  folders: [{ folder, prefix: 'left' }],
  isSetting: (path) => path.startsWith(folder),
  pausable: ['sleep'],
});

/** A ledger whose owner is long dead: pid 1 with a start time that it never had. */
function deadLedger(lines: readonly object[]): string {
  const file = join(folder, '1-999.jsonl');
  const owner = { event: 'owner', pid: 1, startTime: '999999999', command: 'tapbench run' };
  writeFileSync(file, [owner, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

describe('Ledger', () => {
  it('is gone when everything noted in it is gone', () => {
    {
      using ledger = Ledger.open(folder, 'test');
      const settle = ledger.note({ kind: 'folder', path: '/nowhere' });
      settle();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays when something noted still stands', () => {
    {
      using ledger = Ledger.open(folder, 'test');
      ledger.note({ kind: 'folder', path: '/nowhere' });
    }
    const [file] = readdirSync(folder);
    expect(readLedger(join(folder, file ?? ''))).toMatchObject({
      owner: ownIdentity(),
      standing: [{ kind: 'folder', path: '/nowhere' }],
    });
  });

  it('is read up to a line that was torn by the death of its owner', () => {
    const file = deadLedger([{ event: 'make', id: 1, entry: { kind: 'folder', path: '/a' } }]);
    appendFileSync(file, '{"event":"make","id":2,"en');
    expect(readLedger(file)?.standing).toEqual([{ kind: 'folder', path: '/a' }]);
  });
});

describe('clean', () => {
  it('undoes what a dead owner left and forgets its ledger', async () => {
    const left = join(folder, 'left');
    mkdirSync(left);
    writeFileSync(join(left, 'file'), 'x');
    const sleeper = await start(['sleep', '60']);
    const identity =
      readFileSync(`/proc/${String(sleeper.pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')[19] ?? '';
    const file = deadLedger([
      { event: 'make', id: 1, entry: { kind: 'folder', path: left } },
      { event: 'make', id: 2, entry: { kind: 'process', pid: sleeper.pid, startTime: identity, what: 'sleeper' } },
    ]);
    const report = await clean(folder, undoable());
    expect(report.failed).toEqual([]);
    expect(report.removed).toEqual([`process ${String(sleeper.pid)} (sleeper)`, `folder ${left}`]);
    expect((await sleeper.ended).signal).toBe('SIGKILL');
    expect(existsSync(left)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('puts a setting of a dead owner back to its real old value', async () => {
    const file = join(folder, 'run');
    writeFileSync(file, '0\n');
    const ledger = deadLedger([
      { event: 'make', id: 1, entry: { kind: 'setting', path: file, before: '2', after: '0' } },
    ]);
    expect((await clean(folder, undoable())).removed).toEqual([`setting 0 of ${file} (before: 2)`]);
    expect(readFileSync(file, 'utf8')).toBe('2\n');
    expect(existsSync(ledger)).toBe(false);
  });

  it('leaves a setting that somebody has changed since, says so, and forgets the ledger', async () => {
    const file = join(folder, 'enabled');
    writeFileSync(file, '[always] madvise never\n');
    const entry = { kind: 'setting', path: file, before: 'madvise', after: 'never' };
    const ledger = deadLedger([{ event: 'make', id: 1, entry }]);
    const report = await clean(folder, undoable());
    expect(report).toMatchObject({ removed: [], failed: [] });
    expect(report.left).toEqual([`setting never of ${file} (before: madvise): somebody has changed it since`]);
    expect(readFileSync(file, 'utf8')).toBe('[always] madvise never\n');
    expect(existsSync(ledger)).toBe(false);
  });

  it('has nothing to do for a setting whose owner died before it wrote', async () => {
    const file = join(folder, 'run');
    writeFileSync(file, '1\n');
    deadLedger([{ event: 'make', id: 1, entry: { kind: 'setting', path: file, before: '1', after: '0' } }]);
    expect(await clean(folder, undoable())).toEqual({ removed: [], left: [], failed: [], live: [] });
  });

  it('puts two settings of one file back in reverse, to what it was at first', async () => {
    const file = join(folder, 'governor');
    writeFileSync(file, 'performance\n');
    deadLedger([
      { event: 'make', id: 1, entry: { kind: 'setting', path: file, before: 'schedutil', after: 'powersave' } },
      { event: 'make', id: 2, entry: { kind: 'setting', path: file, before: 'powersave', after: 'performance' } },
    ]);
    expect((await clean(folder, undoable())).removed).toHaveLength(2);
    expect(readFileSync(file, 'utf8')).toBe('schedutil\n');
  });

  it('lets a process go on that a dead owner had stopped, and no other with its pid', async () => {
    await using daemon = await start(['sleep', '60'], { diesWithUs: false });
    const identity = identityOf(daemon.pid) ?? { pid: daemon.pid, startTime: '' };
    expect(await stopProcess(identity)).toBe(true);
    const entry = { kind: 'stopped-process', pid: daemon.pid, what: 'irqbalance' };
    deadLedger([{ event: 'make', id: 1, entry: { ...entry, startTime: '1' } }]);
    expect((await clean(folder, undoable())).removed).toEqual([]);
    expect(isStopped(identity)).toBe(true);
    deadLedger([{ event: 'make', id: 1, entry: { ...entry, startTime: identity.startTime } }]);
    expect((await clean(folder, undoable())).removed).toEqual([`stop of process ${String(daemon.pid)} (irqbalance)`]);
    expect(isStopped(identity)).toBe(false);
  });

  it('removes a ledger whose owner died before it wrote a line', async () => {
    writeFileSync(join(folder, '1-999999999.jsonl'), '');
    expect(await clean(folder, undoable())).toEqual({ removed: [], left: [], failed: [], live: [] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not touch a process that only has the pid of one that was noted', async () => {
    await using innocent = await start(['sleep', '60']);
    deadLedger([{ event: 'make', id: 1, entry: { kind: 'process', pid: innocent.pid, startTime: '1', what: 'VMM' } }]);
    expect((await clean(folder, undoable())).removed).toEqual([]);
    expect(innocent.hasEnded).toBe(false);
  });

  it("leaves a live run's things alone and names the run", async () => {
    using ledger = Ledger.open(folder, 'tapbench run quick');
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const settle = ledger.note({ kind: 'folder', path: kept });
    expect(await clean(folder, undoable())).toEqual({
      removed: [],
      left: [],
      failed: [],
      live: [{ pid: process.pid, command: 'tapbench run quick' }],
    });
    expect(existsSync(kept)).toBe(true);
    expect(readLedgers(folder).live).toHaveLength(1);
    settle();
  });
});
