import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEntry } from './ledger.ts';
import { type Undoable, undoRefusal } from './undoable.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tapbench-undoable-'));
  for (const name of ['run/vm-1', 'run/ledger', 'cache/jails/vm-1', 'cache/images/x', 'home/vm-1'])
    mkdirSync(join(root, name), { recursive: true });
  symlinkSync('../home', join(root, 'run', 'link'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const undoable = (): Undoable => ({
  folders: [
    { folder: join(root, 'run'), prefix: 'vm-' },
    { folder: join(root, 'cache/jails'), prefix: 'vm-' },
  ],
  isSetting: (path) => path === '/sys/kernel/mm/ksm/run',
  pausable: ['irqbalance'],
});
const refusalOf = (entry: LedgerEntry): string | null => undoRefusal(entry, undoable());
const folderRefusal = (path: string): string | null => refusalOf({ kind: 'folder', path });

describe('undoRefusal', () => {
  it.each(['run/vm-1', 'cache/jails/vm-1', 'run/../run/vm-1'])('lets the folder %s of a run be removed', (path) => {
    expect(folderRefusal(`${root}/${path}`)).toBeNull();
  });

  it.each(['home/vm-1', 'run/link/vm-1', 'run/vm-1/..', 'run', 'run/ledger', 'cache/images/x', 'run/vm-1/deeper'])(
    'lets no other folder be removed: %s',
    (path) => {
      expect(folderRefusal(`${root}/${path}`)).toContain('no run makes folders there');
    },
  );

  it('lets namespaces be removed that have a name of ours', () => {
    expect(refusalOf({ kind: 'namespace', name: 'tapbench-12-001-default-b1' })).toBeNull();
    for (const name of ['docker', 'tapbench-12-../../x', 'tapbench', 'x-tapbench-1-a'])
      expect(refusalOf({ kind: 'namespace', name })).toBe('no run gives that name');
  });

  it('lets settings be put back that runs make, and no other file be written', () => {
    const entry = { kind: 'setting', before: '0', after: '1' } as const;
    expect(refusalOf({ ...entry, path: '/sys/kernel/mm/ksm/run' })).toBeNull();
    expect(refusalOf({ ...entry, path: '/etc/passwd' })).toBe('no run sets that file');
  });

  it('lets nobody’s processes be ended but those of a user that a run made', () => {
    expect(refusalOf({ kind: 'user', userId: 1_879_048_224 })).toBeNull();
    for (const userId of [1, 1_000, 65_534]) expect(refusalOf({ kind: 'user', userId })).toBe('no run makes that user');
  });

  it('lets only the daemon go on that runs stop', () => {
    const entry = { kind: 'stopped-process', startTime: '1', what: 'irqbalance' } as const;
    expect(refusalOf({ ...entry, pid: process.pid })).toMatch(/^no run stops /);
  });
});
