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
import { ownIdentity } from './process-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapbench-ledger-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
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
    const report = await clean(folder);
    expect(report.failed).toEqual([]);
    expect(report.removed).toEqual([`process ${String(sleeper.pid)} (sleeper)`, `folder ${left}`]);
    expect((await sleeper.ended).signal).toBe('SIGKILL');
    expect(existsSync(left)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('removes a ledger whose owner died before it wrote a line', async () => {
    writeFileSync(join(folder, '1-999999999.jsonl'), '');
    expect(await clean(folder)).toEqual({ removed: [], failed: [], live: [] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not touch a process that only has the pid of one that was noted', async () => {
    await using innocent = await start(['sleep', '60']);
    deadLedger([{ event: 'make', id: 1, entry: { kind: 'process', pid: innocent.pid, startTime: '1', what: 'VMM' } }]);
    expect((await clean(folder)).removed).toEqual([]);
    expect(innocent.hasEnded).toBe(false);
  });

  it("leaves a live run's things alone and names the run", async () => {
    using ledger = Ledger.open(folder, 'tapbench run quick');
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const settle = ledger.note({ kind: 'folder', path: kept });
    expect(await clean(folder)).toEqual({
      removed: [],
      failed: [],
      live: [{ pid: process.pid, command: 'tapbench run quick' }],
    });
    expect(existsSync(kept)).toBe(true);
    expect(readLedgers(folder).live).toHaveLength(1);
    settle();
  });
});
