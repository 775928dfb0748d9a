import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeRunLock } from './run-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapbench-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('takeRunLock', () => {
  it('refuses a second run with the pid and command of the first', () => {
    using first = takeRunLock(folder, 'tapbench run vm-to-host');
    expect(first).toBeDefined();
    expect(() => takeRunLock(folder, 'tapbench run quick')).toThrow(
      expect.objectContaining({
        code: 'HOST_BUSY',
        message: expect.stringContaining(`process ${String(process.pid)}`) as string,
      }),
    );
  });

  it('is free again once it was released', () => {
    takeRunLock(folder, 'first')[Symbol.dispose]();
    const second = takeRunLock(folder, 'second');
    expect(existsSync(join(folder, 'run.lock'))).toBe(true);
    second[Symbol.dispose]();
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  });

  it('takes over the lock of a run that died', () => {
    writeFileSync(join(folder, 'run.lock'), JSON.stringify({ pid: 1, startTime: '999999999', command: 'dead' }));
    using lock = takeRunLock(folder, 'next');
    expect(lock).toBeDefined();
  });

  it('takes over a lock file that holds nothing readable', () => {
    writeFileSync(join(folder, 'run.lock'), '{"pid":');
    using lock = takeRunLock(folder, 'next');
    expect(lock).toBeDefined();
  });
});
