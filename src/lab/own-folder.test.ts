import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderUse, lookAtFolder, makeOwnFolder } from './own-folder.ts';

const kept: FolderUse = { kind: 'private', mode: 0o700, instead: 'take another' };
const place: FolderUse = { ...kept, kind: 'place', mode: 0o750 };

let parent: string;
let folder: string;
let umask: number;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tapbench-own-'));
  folder = join(parent, 'tapbench');
  umask = process.umask(0o022);
});
afterEach(() => {
  process.umask(umask);
  rmSync(parent, { recursive: true });
});

const modeOf = (path: string): number => lstatSync(path).mode & 0o7777;
const refusal = (reason: string): Error =>
  expect.objectContaining({ code: 'FOLDER_UNSAFE', message: expect.stringContaining(reason) as string }) as Error;

describe('makeOwnFolder', () => {
  it.each([0o000, 0o022, 0o077])('gives no more than its mode to what it makes, with umask %o', (mask) => {
    process.umask(mask);
    makeOwnFolder(join(folder, 'below'), place);
    expect([folder, join(folder, 'below')].map(modeOf)).toEqual([0o750 & ~mask, 0o750 & ~mask]);
  });

  it('takes one that is there and nobody else may write to', () => {
    mkdirSync(folder, { mode: 0o755 });
    makeOwnFolder(folder, kept);
    expect(modeOf(folder)).toBe(0o755);
  });

  it('says what the system says where something else is in the way', () => {
    writeFileSync(folder, '');
    expect(() => {
      makeOwnFolder(join(folder, 'below'), kept);
    }).toThrow('ENOTDIR');
  });

  it('makes what a link of ours leads to', () => {
    symlinkSync(join(parent, 'real'), folder);
    makeOwnFolder(folder, kept);
    expect(lstatSync(join(parent, 'real')).isDirectory()).toBe(true);
  });
});

describe('lookAtFolder', () => {
  it('tells whether there is one', () => {
    expect(lookAtFolder(folder, kept)).toBe(false);
    mkdirSync(folder);
    expect(lookAtFolder(folder, kept)).toBe(true);
  });

  it('refuses a file', () => {
    writeFileSync(folder, '');
    expect(() => lookAtFolder(folder, kept)).toThrow(refusal('is no folder'));
  });

  it.each([
    ['itself', (path: string) => path],
    ['one above it', (path: string) => join(path, 'a', 'b')],
  ])('refuses where everybody may write to %s, with the command that mends it', (_, below) => {
    mkdirSync(below(folder), { recursive: true });
    chmodSync(folder, 0o777);
    for (const use of [kept, place])
      expect(() => lookAtFolder(below(folder), use)).toThrow(
        expect.objectContaining({
          code: 'FOLDER_UNSAFE',
          message: expect.stringContaining(`${folder} can be written by everybody`) as string,
          hint: `chmod go-w ${folder}, or take another`,
        }),
      );
  });

  it('lets a store be where others may write names of their own, and nothing private', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o1777);
    expect(lookAtFolder(folder, place)).toBe(true);
    expect(() => lookAtFolder(folder, kept)).toThrow(refusal('can be written by everybody'));
    mkdirSync(join(folder, 'own'));
    expect(lookAtFolder(join(folder, 'own'), kept)).toBe(true);
  });

  it('refuses a link where others may make links, be it ours', () => {
    mkdirSync(join(parent, 'real'));
    symlinkSync(join(parent, 'real'), folder);
    expect(lookAtFolder(folder, kept)).toBe(true);
    chmodSync(parent, 0o1777);
    expect(() => lookAtFolder(folder, kept)).toThrow(refusal('is a link where others may make links too'));
  });

  it('follows links no longer than the kernel does', () => {
    symlinkSync(folder, folder);
    expect(() => lookAtFolder(folder, kept)).toThrow(refusal('too many links'));
  });

  it('looks at where a link leads, not at its name', () => {
    mkdirSync(join(parent, 'open', 'real'), { recursive: true });
    chmodSync(join(parent, 'open'), 0o777);
    symlinkSync('open/../open/real', folder);
    expect(() => lookAtFolder(folder, kept)).toThrow(refusal(`${join(parent, 'open')} can be written`));
  });
});
