import { z } from 'zod';
import { TapbenchError } from '../record/error.ts';
import { schemaVersion } from '../record/run.ts';
import { upgraded } from '../record/upgrade.ts';
import { mostRecordBytes, parseBoundedJson } from './bounded-json.ts';
import { checkedValue } from './checked-value.ts';
import { NoPlainFile, readPlainFile, readPlainFileSync } from './plain-file.ts';
import { storeFailed } from './store-error.ts';

const versioned = z.looseObject({ schemaVersion: z.number() });

function invalid(file: string, message: string, cause?: unknown): TapbenchError {
  return new TapbenchError('RECORD_INVALID', `${file}: ${message}`, {
    hint: 'The file was changed or damaged after it was written; the other records of the run can still be read.',
    cause,
  });
}

function parsedJson(file: string, bytes: Buffer): unknown {
  try {
    return parseBoundedJson(bytes);
  } catch (cause) {
    throw invalid(file, `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function refuseNewer(file: string, value: unknown): void {
  const header = versioned.safeParse(value);
  if (!header.success || header.data.schemaVersion <= schemaVersion) return;
  const found = String(header.data.schemaVersion);
  throw new TapbenchError(
    'RECORD_INVALID',
    `${file}: written by a newer tapbench (schema ${found}; this one reads up to ${String(schemaVersion)})`,
    { hint: 'Read it with that tapbench, or update this one.' },
  );
}

/**
 * One stored record from its text, strictly; one of an older schema is brought up to this one first.
 * @param file for messages
 * @throws TapbenchError `RECORD_INVALID` naming the file and what is wrong at which path
 */
export function parseRecord<T>(file: string, bytes: Buffer, schema: z.ZodType<T>): T {
  const value = parsedJson(file, bytes);
  refuseNewer(file, value);
  const result = checkedValue(schema, upgraded(value), bytes.length);
  if ('data' in result) return result.data;
  throw invalid(file, result.problem, result.cause);
}

function unreadable(file: string, cause: unknown): TapbenchError {
  return cause instanceof NoPlainFile
    ? invalid(file, cause.message, cause)
    : storeFailed(`${file} can't be read`, cause);
}

/**
 * Reads one stored record.
 * @throws TapbenchError `RECORD_INVALID` as `parseRecord`, and for what is no plain file; `STORE_FAILED` where it can't be read
 */
export async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readPlainFile(file, mostRecordBytes).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  return parseRecord(file, bytes, schema);
}

/** The same at once. */
export function readRecordSync<T>(file: string, schema: z.ZodType<T>): T {
  let bytes: Buffer;
  try {
    bytes = readPlainFileSync(file, mostRecordBytes);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return parseRecord(file, bytes, schema);
}
