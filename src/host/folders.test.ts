import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, runtimeFolder, storeFolder } from './folders.ts';

describe('the folders', () => {
  it('are those of the XDG specification, below HOME where it names none', () => {
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/tapbench');
    expect(storeFolder(undefined, { HOME: '/h' })).toBe('/h/.local/share/tapbench/runs');
    expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/c' })).toBe('/c/tapbench');
  });

  it('ignore a relative path, as the specification says', () => {
    expect(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: 'c' })).toBe('/h/.cache/tapbench');
  });

  it('are never in the working folder for a HOME that is empty or relative', () => {
    const home = userInfo().homedir;
    for (const HOME of ['', '.', 'h']) {
      expect(cacheFolder({ HOME })).toBe(join(home, '.cache/tapbench'));
      expect(storeFolder(undefined, { HOME })).toBe(join(home, '.local/share/tapbench/runs'));
    }
  });

  it('prefer the flag to the variable, and the variable to the default', () => {
    const environment = { HOME: '/h', TAPBENCH_STORE: '/variable' };
    expect(storeFolder('/flag', environment)).toBe('/flag');
    expect(storeFolder(undefined, environment)).toBe('/variable');
  });

  it('of two users are different at run time', () => {
    expect(runtimeFolder({}, 0)).toBe('/run/tapbench');
    expect(runtimeFolder({ XDG_RUNTIME_DIR: '/run/user/7' }, 7)).toBe('/run/user/7/tapbench');
    expect(runtimeFolder({}, 7)).not.toBe(runtimeFolder({}, 8));
  });

  it('at run time are where TAPBENCH_RUNTIME_DIR says, if that is absolute', () => {
    expect(runtimeFolder({ TAPBENCH_RUNTIME_DIR: '/r' }, 0)).toBe('/r');
    expect(runtimeFolder({ TAPBENCH_RUNTIME_DIR: 'r' }, 0)).toBe('/run/tapbench');
  });
});
