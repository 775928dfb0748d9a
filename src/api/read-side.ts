import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { NamedSide } from '../compare/pair-sides.ts';
import { judgedTrial, runLists } from '../derive/derive.ts';
import { TapbenchError } from '../record/error.ts';
import { type Run, run as runSchema, schemaVersion } from '../record/run.ts';
import { upgradedPrint } from '../record/upgrade.ts';
import { parseBoundedJson } from '../store/bounded-json.ts';
import { checkedValue } from '../store/checked-value.ts';
import { readPlainFile } from '../store/plain-file.ts';
import type { DamagedRecord } from '../store/read-run.ts';
import { isNotePath } from './note-file.ts';
import { readRun } from './read.ts';
import type { StoreOptions } from './store-options.ts';

/** One side with what of its run could not be read. */
export interface ReadSide {
  readonly side: NamedSide;
  readonly damaged: readonly DamagedRecord[];
}

const looseRun = z.looseObject({ schemaVersion: z.int(), trials: z.array(z.unknown()) });

function invalid(file: string, why: string, cause?: unknown): TapbenchError {
  const hint = 'Give a run, the folder of one, or what show --json or report --format json printed.';
  return new TapbenchError('NOT_COMPARABLE', `${file}: ${why}`, { hint, cause });
}

/** A printed run of an older schema as the newest wants it. */
function upgradedRun(file: string, value: z.infer<typeof looseRun>): unknown {
  if (value.schemaVersion > schemaVersion) {
    throw invalid(file, `written by a newer tapbench (schema ${String(value.schemaVersion)})`);
  }
  const whole = upgradedPrint(value);
  return whole === value ? value : { ...looseRun.parse(whole), trials: value.trials.map(upgradedPrint) };
}

/** Largest document that is read: a run of some 5,000 trials. */
const mostBytes = 256 * 1024 ** 2;
const mostValues = 20_000_000;

async function readJson(file: string): Promise<{ value: unknown; bytes: number }> {
  const bytes = await readPlainFile(file, mostBytes).catch((cause: unknown) => {
    throw invalid(file, `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  });
  try {
    return { value: parseBoundedJson(bytes, mostValues), bytes: bytes.length };
  } catch (cause) {
    throw invalid(file, `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** Judged anew, as a run of the store is: the file may be of another version. */
function judgedAgain(run: Run): Run {
  const trials = run.trials.map((trial) =>
    judgedTrial({ ...trial, status: trial.status === 'failed' ? 'failed' : 'ok' }, run),
  );
  const own = { ...run, trials };
  delete own.loadGrowth;
  delete own.ceilingShares;
  return { ...own, ...runLists(run.experiment, trials) };
}

/** A run from the JSON that tapbench prints of one; null where the file is a stored `run.json`, which is not all of its run. */
async function readDocument(file: string): Promise<Run | null> {
  const { value, bytes } = await readJson(file);
  const loose = looseRun.safeParse(value);
  if (!loose.success) {
    if (z.looseObject({ runId: z.string(), plan: z.array(z.unknown()) }).safeParse(value).success) return null;
    throw invalid(file, 'no run');
  }
  const result = checkedValue(runSchema, upgradedRun(file, loose.data), bytes);
  if ('data' in result) return judgedAgain(result.data);
  throw invalid(file, result.problem, result.cause);
}

/** What lies at a path: `file`, `folder`, or null for nothing. */
async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? 'folder' : 'file';
}

/** A path of a folder is told from an id by its slash. */
function asPath(text: string): string {
  return text.includes('/') ? text : `./${text}`;
}

/** The run and the configuration that a text names: a colon may part them, or be part of a file's name. */
async function splitText(text: string): Promise<readonly [run: string, configuration: string | null]> {
  const colon = text.lastIndexOf(':');
  if (colon < 1 || (await kindOf(text)) !== null) return [text, null];
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/**
 * One side as a user names it: RUN (id, the beginning of one, `latest`, a path), RUN:CONFIGURATION, or a file with a run as JSON.
 * @throws TapbenchError `NOT_COMPARABLE` where a file is no run, `RUN_NOT_FOUND`, `RECORD_INVALID`, `STORE_FAILED`
 */
export async function readSide(text: string, options: StoreOptions = {}): Promise<ReadSide> {
  const [name, configuration] = await splitText(text);
  const kind = await kindOf(name);
  const isNote = kind === 'file' && isNotePath(name);
  const document = kind === 'file' && !isNote ? await readDocument(name) : null;
  if (document !== null) return { side: { text, run: document, configuration }, damaged: [] };
  const place = kind === 'file' && !isNote ? dirname(asPath(name)) : name;
  const { run, damaged } = await readRun(place, options);
  return { side: { text, run, configuration }, damaged };
}
