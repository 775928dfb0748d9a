import { basename, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { TapbenchError } from '../record/error.ts';
import { runHeader } from '../record/run.ts';
import { isThere, layout } from './layout.ts';
import { problemOf } from './plain-file.ts';
import { type FoundRun, findRuns } from './run-folders.ts';
import { startOfRun, startOfRunId } from './run-id.ts';
import { demandStore } from './store-mark.ts';
import { readRecord } from './stored-record.ts';

/** Where a run lies. */
export interface RunPlace {
  readonly runId: string;
  readonly folder: string;
}

/** Takes one line that the user should see. */
export type OnNotice = (text: string) => void;

/** Candidates that a message names. */
const mostCandidates = 5;

function notFound(message: string, hint: string): TapbenchError {
  return new TapbenchError('RUN_NOT_FOUND', message, { hint });
}

function ambiguous(text: string, candidates: readonly string[]): TapbenchError {
  const more = candidates.length > mostCandidates ? ` and ${String(candidates.length - mostCandidates)} more` : '';
  return notFound(
    `${text}: fits ${String(candidates.length)} runs: ${candidates.slice(0, mostCandidates).join(', ')}${more}`,
    'Give more of the id.',
  );
}

function noRuns(storeFolder: string, text: string): TapbenchError {
  return notFound(`${text}: the store ${storeFolder} holds no runs`, 'Make one with: tapbench run quick');
}

/** Characters of what was typed that are compared with ids: no id is as long. */
const mostCompared = 200;

function unknown(storeFolder: string, text: string, ids: readonly string[]): TapbenchError {
  if (ids.length === 0) return noRuns(storeFolder, text);
  const nearest = closest(
    text.slice(0, mostCompared),
    ids.map((id) => id.slice(0, Math.max(text.length, 8))),
  );
  const candidate = ids.find((id) => id.startsWith(nearest)) ?? ids[0] ?? '';
  return notFound(
    `${text}: no such run in ${storeFolder}; the nearest is ${candidate}`,
    'List them with: tapbench list',
  );
}

/** A path is told by its slash: ids have none. */
function byPath(text: string): RunPlace {
  const folder = resolve(basename(text) === layout.header ? join(text, '..') : text);
  if (problemOf(join(folder, layout.header)) !== 'absent') return { runId: basename(folder), folder };
  throw notFound(`${text}: no run here (no ${layout.header})`, 'Give the folder of a run, or its id.');
}

/** When a run began; null where it can't be read. */
async function startOf({ runId, folder, problem }: FoundRun): Promise<number | null> {
  if (problem !== null) return null;
  const fromId = startOfRunId(runId);
  if (fromId !== null) return fromId;
  return await readRecord(join(folder, layout.header), runHeader).then(
    ({ startedAt }) => startOfRun(runId, startedAt),
    () => null,
  );
}

/** Runs by when they began, the newest first; those of which that is not known are left out. */
async function byStart(storeFolder: string): Promise<FoundRun[]> {
  const dated: { run: FoundRun; start: number }[] = [];
  for (const run of findRuns(storeFolder)) {
    const start = await startOf(run);
    if (start !== null) dated.push({ run, start });
  }
  dated.sort((a, b) => b.start - a.start || (a.run.runId < b.run.runId ? 1 : -1));
  return dated.map(({ run }) => run);
}

/** The run that began last, of those whose header can be read. */
async function latest(storeFolder: string, onNotice: OnNotice): Promise<RunPlace> {
  for (const { runId, folder } of await byStart(storeFolder)) {
    try {
      await readRecord(join(folder, layout.header), runHeader);
    } catch (cause) {
      if (!(cause instanceof TapbenchError)) throw cause;
      onNotice(`left out ${cause.message}`);
      continue;
    }
    const isImported = await isThere(join(folder, layout.imported));
    onNotice(`latest is ${runId}${isImported ? ', which was imported' : ''}`);
    return { runId, folder };
  }
  throw noRuns(storeFolder, 'latest');
}

/**
 * Finds the run that a user means: `latest` (by when it began), a full id, the unique beginning of one (or its last four digits), or the path of its folder.
 * @param onNotice is told which run `latest` is
 * @throws TapbenchError `RUN_NOT_FOUND` with the nearest, or with the several that fit; `STORE_FAILED`
 */
export async function resolveRun(
  storeFolder: string,
  text: string,
  onNotice: OnNotice = () => undefined,
): Promise<RunPlace> {
  if (text.includes('/')) return byPath(text);
  await demandStore(storeFolder);
  if (text === 'latest') return await latest(storeFolder, onNotice);
  const ids = findRuns(storeFolder).map(({ runId }) => runId);
  const exact = ids.filter((id) => id === text);
  const partial = text === '' ? [] : ids.filter((id) => id.startsWith(text) || id.endsWith(`-${text}`));
  const found = exact.length > 0 ? exact : partial;
  const [runId] = found;
  if (runId === undefined) throw unknown(storeFolder, text, ids);
  if (found.length > 1) throw ambiguous(text, found);
  return { runId, folder: join(storeFolder, runId) };
}
