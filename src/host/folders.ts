import { userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { type FolderUse, lookAtFolder, makeOwnFolder } from '../lab/own-folder.ts';
import { runtimeUse } from '../lab/runtime-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One that is empty or relative would be in the working folder, which may be anybody's. */
function homeFolder({ HOME: named }: Environment): string {
  return named !== undefined && isAbsolute(named) ? named : userInfo().homedir;
}

/** The XDG base directory specification tells to ignore paths that are not absolute. */
function baseFolder(environment: Environment, variable: string, fallback: string): string {
  const value = environment[variable];
  return value !== undefined && isAbsolute(value) ? value : join(homeFolder(environment), fallback);
}

/** What is in the cache is booted, and believed. */
export const cacheUse: FolderUse = {
  kind: 'trusted',
  mode: 0o755,
  instead: 'set XDG_CACHE_HOME to a folder of your own',
};
const cacheParts = ['', 'images', 'packages', 'nested', 'jails', 'work'];

/**
 * Where guest images and remembered facts are kept; may be removed at any time.
 * @throws TapbenchError `FOLDER_UNSAFE` where others could have put them there
 */
export function cacheFolder(environment: Environment = process.env): string {
  const folder = join(baseFolder(environment, 'XDG_CACHE_HOME', '.cache'), 'tapbench');
  for (const part of cacheParts) lookAtFolder(join(folder, part), cacheUse);
  return folder;
}

/**
 * A folder of the cache in which runs make folders of their own: `jails`, where VMMs make a root of theirs, and `work`.
 * @throws TapbenchError `FOLDER_UNSAFE`, and the system's error where it can't be made
 */
export function madeCacheFolder(part: 'jails' | 'work'): string {
  const folder = join(cacheFolder(), part);
  makeOwnFolder(folder, cacheUse);
  return folder;
}

/** Where runs are kept: `--store`, else TAPBENCH_STORE, else the data folder of the user. Absolute. */
export function storeFolder(chosen?: string, environment: Environment = process.env): string {
  const named = [chosen, environment['TAPBENCH_STORE']].find((folder) => folder !== undefined && folder !== '');
  return named === undefined
    ? join(baseFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'tapbench', 'runs')
    : resolve(named);
}

function namedRuntimeFolder(environment: Environment, userId: number): string {
  const chosen = environment['TAPBENCH_RUNTIME_DIR'];
  if (chosen !== undefined && isAbsolute(chosen)) return chosen;
  if (userId === 0) return '/run/tapbench';
  const own = environment['XDG_RUNTIME_DIR'];
  return own !== undefined && isAbsolute(own) ? join(own, 'tapbench') : `/tmp/tapbench-${String(userId)}`;
}

/**
 * Where the ledger and the lock of the running run are: gone after a reboot, as is all that they speak of.
 * TAPBENCH_RUNTIME_DIR (absolute) moves it, for tests: a run there is not seen by the others, nor cleaned up after by them.
 * @throws TapbenchError `FOLDER_UNSAFE` where others could have put them there
 */
export function runtimeFolder(
  environment: Environment = process.env,
  userId: number = process.getuid?.() ?? 0,
): string {
  const folder = namedRuntimeFolder(environment, userId);
  lookAtFolder(folder, runtimeUse);
  return folder;
}
