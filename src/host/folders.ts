import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The XDG base directory specification tells to ignore paths that are not absolute. */
function baseFolder(environment: Environment, variable: string, fallback: string): string {
  const value = environment[variable];
  return value !== undefined && isAbsolute(value) ? value : join(environment['HOME'] ?? homedir(), fallback);
}

/** Where guest images and remembered facts are kept; may be removed at any time. */
export function cacheFolder(environment: Environment = process.env): string {
  return join(baseFolder(environment, 'XDG_CACHE_HOME', '.cache'), 'tapbench');
}

/** Where runs are kept: `--store`, else TAPBENCH_STORE, else the data folder of the user. Absolute. */
export function storeFolder(chosen?: string, environment: Environment = process.env): string {
  const named = [chosen, environment['TAPBENCH_STORE']].find((folder) => folder !== undefined && folder !== '');
  return named === undefined
    ? join(baseFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'tapbench', 'runs')
    : resolve(named);
}

/**
 * Where the ledger and the lock of the running run are: gone after a reboot, as is all that they speak of.
 * TAPBENCH_RUNTIME_DIR (absolute) moves it, for tests: a run there is not seen by the others, nor cleaned up after by them.
 */
export function runtimeFolder(
  environment: Environment = process.env,
  userId: number = process.getuid?.() ?? 0,
): string {
  const chosen = environment['TAPBENCH_RUNTIME_DIR'];
  if (chosen !== undefined && isAbsolute(chosen)) return chosen;
  if (userId === 0) return '/run/tapbench';
  const own = environment['XDG_RUNTIME_DIR'];
  return own !== undefined && isAbsolute(own) ? join(own, 'tapbench') : `/tmp/tapbench-${String(userId)}`;
}
