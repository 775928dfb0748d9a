import { basename, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { TapbenchError } from '../record/error.ts';
import { isThere, layout } from './layout.ts';
import { runIds } from './list-runs.ts';

/** Where a run lies. */
export interface RunPlace {
  readonly runId: string;
  readonly folder: string;
}

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

function unknown(storeFolder: string, text: string, ids: readonly string[]): TapbenchError {
  if (ids.length === 0)
    return notFound(`${text}: the store ${storeFolder} holds no runs`, 'Make one with: tapbench run quick');
  const nearest = closest(
    text,
    ids.map((id) => id.slice(0, Math.max(text.length, 8))),
  );
  const candidate = ids.find((id) => id.startsWith(nearest)) ?? ids[0] ?? '';
  return notFound(
    `${text}: no such run in ${storeFolder}; the nearest is ${candidate}`,
    'List them with: tapbench list',
  );
}

/** A path is told by its slash: ids have none. */
async function byPath(text: string): Promise<RunPlace> {
  const folder = resolve(basename(text) === layout.header ? join(text, '..') : text);
  if (await isThere(join(folder, layout.header))) return { runId: basename(folder), folder };
  throw notFound(`${text}: no run here (no ${layout.header})`, 'Give the folder of a run, or its id.');
}

/**
 * Finds the run that a user means: `latest`, a full id, the unique beginning of one (or its last four digits), or the path of its folder.
 * @throws TapbenchError `RUN_NOT_FOUND` with the nearest, or with the several that fit
 */
export async function resolveRun(storeFolder: string, text: string): Promise<RunPlace> {
  if (text.includes('/')) return await byPath(text);
  const ids = await runIds(storeFolder);
  const exact = text === 'latest' ? ids.slice(0, 1) : ids.filter((id) => id === text);
  const partial = text === '' ? [] : ids.filter((id) => id.startsWith(text) || id.endsWith(`-${text}`));
  const found = exact.length > 0 ? exact : partial;
  const [runId] = found;
  if (runId === undefined) throw unknown(storeFolder, text, ids);
  if (found.length > 1) throw ambiguous(text, found);
  return { runId, folder: join(storeFolder, runId) };
}
