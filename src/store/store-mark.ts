import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import { mostRecordBytes, parseBoundedJson } from './bounded-json.ts';
import { makeFolder } from './durable-file.ts';
import { layout } from './layout.ts';
import { fileMode } from './modes.ts';
import { problemOf, readPlainFileSync } from './plain-file.ts';
import { findRuns } from './run-folders.ts';
import { isRunId } from './run-id.ts';
import { errnoOf, storeFailed } from './store-error.ts';

/** Says of a folder that it is a store: we never write into another. */
const markName = '.tapbench-store';
const markText = 'A store of tapbench: each folder here is a run.\n';

/** What tapbench leaves in a store whose runs are gone, and what a file system puts into every new one. */
const emptyNames = /^(?:index\.sqlite(?:-wal|-shm|\.aside-[0-9a-f]+)?|\.index\.lock|\.import-\w+|lost\+found)$/;

/** Folders without the name of a run whose header is looked at: a store has none, or few. */
const mostLookedAt = 20;

/** Whether a file called `run.json` is ours: other programs may have such files, too. */
function isHeader(file: string): boolean {
  try {
    const value = parseBoundedJson(readPlainFileSync(file, mostRecordBytes));
    return typeof value === 'object' && value !== null && 'schemaVersion' in value && 'runId' in value;
  } catch {
    return false;
  }
}

function hasRuns(folder: string): boolean {
  const found = findRuns(folder);
  if (found.some(({ runId, problem }) => isRunId(runId) && problem === null)) return true;
  return found.slice(0, mostLookedAt).some((run) => isHeader(join(run.folder, layout.header)));
}

type FolderKind = 'none' | 'empty' | 'store' | 'other';

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw storeFailed(`${folder} can't be read`, cause);
  }
}

/** Stores that were begun by older versions have no mark: they are told by their runs. */
async function kindOfFolder(folder: string): Promise<FolderKind> {
  if (problemOf(join(folder, markName)) === null) return 'store';
  const names = await namesIn(folder);
  if (names === null) return 'none';
  if (names.every((name) => emptyNames.test(name))) return 'empty';
  // Of runs that begin at once in a new store another made it one meanwhile: the mark is there before any run.
  if (problemOf(join(folder, markName)) === null) return 'store';
  return hasRuns(folder) ? 'store' : 'other';
}

/**
 * Refuses a folder that holds something else than runs.
 * @returns whether there may be runs in it
 * @throws TapbenchError `STORE_FAILED`
 */
export async function demandStore(folder: string): Promise<boolean> {
  const kind = await kindOfFolder(folder);
  if (kind !== 'other') return kind === 'store';
  throw new TapbenchError('STORE_FAILED', `${folder} is no store of tapbench: it holds other things, and no run`, {
    hint: 'Choose a folder that is empty or not there yet with --store DIR or TAPBENCH_STORE.',
  });
}

/**
 * Makes a folder a store, unless it is one.
 * @throws TapbenchError `STORE_FAILED` where it can't be, or holds something else
 */
export async function claimStore(folder: string): Promise<void> {
  await demandStore(folder);
  makeFolder(folder);
  const mark = join(folder, markName);
  try {
    await using handle = await open(mark, 'wx', fileMode);
    await handle.writeFile(markText);
    await handle.sync();
  } catch (cause) {
    if (errnoOf(cause) !== 'EEXIST') throw storeFailed(`${mark} can't be written`, cause);
  }
}
