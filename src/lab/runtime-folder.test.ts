import { existsSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { takeRunLock } from './run-lock.ts';
import { inFolder, leaveRuntimeFolder, ledgerFolder } from './runtime-folder.ts';

describe('the runtime folder', () => {
  let parent = '';
  let folder = '';
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tapbench-runtime-'));
    folder = join(parent, 'tapbench');
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  it('is there for a run, and goes with it', () => {
    {
      using _lock = takeRunLock(folder, 'run');
      using _ledger = Ledger.open(ledgerFolder(folder), 'run');
      expect(existsSync(ledgerFolder(folder))).toBe(true);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it('stays where something is left in it', () => {
    {
      using _lock = takeRunLock(folder, 'run');
      using ledger = Ledger.open(ledgerFolder(folder), 'run');
      ledger.note({ kind: 'folder', path: '/nowhere' });
    }
    leaveRuntimeFolder(folder);
    expect(existsSync(ledgerFolder(folder))).toBe(true);
  });

  it('is made again where another process took it away before the first file was in it', () => {
    let times = 0;
    inFolder(folder, () => {
      times += 1;
      if (times < 3) rmdirSync(folder);
      writeFileSync(join(folder, 'file'), '');
    });
    expect(existsSync(join(folder, 'file'))).toBe(true);
  });

  it('is not made again without end', () => {
    const remove = (): void => {
      rmdirSync(folder);
      writeFileSync(join(folder, 'file'), '');
    };
    expect(() => {
      inFolder(folder, remove);
    }).toThrow('ENOENT');
  });
});
