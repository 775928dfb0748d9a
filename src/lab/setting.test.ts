import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSetting, restoreSetting, writeSetting } from './setting.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapbench-setting-'));
  path = join(folder, 'file');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('readSetting', () => {
  it.each([
    ['1\n', '1'],
    ['performance\n', 'performance'],
    ['always [madvise] never\n', 'madvise'],
  ])('reads %j as %j', (text, value) => {
    writeFileSync(path, text);
    expect(readSetting(path)).toBe(value);
  });

  it('gives null for a file that is absent, and throws for what can not be read', () => {
    expect(readSetting(path)).toBeNull();
    expect(() => readSetting(folder)).toThrow('EISDIR');
  });
});

describe('writeSetting', () => {
  it('makes no file where there is none', () => {
    expect(() => {
      writeSetting(path, '1');
    }).toThrow('ENOENT');
    expect(existsSync(path)).toBe(false);
  });
});

describe('restoreSetting', () => {
  it.each([
    ['0\n', 'restored', '2\n'],
    ['2\n', 'unchanged', '2\n'],
    ['1\n', 'changed-since', '1\n'],
  ])('finds %j: %s', (now, outcome, then) => {
    writeFileSync(path, now);
    expect(restoreSetting({ path, before: '2', after: '0' })).toBe(outcome);
    expect(readFileSync(path, 'utf8')).toBe(then);
  });
});
