import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TapbenchError } from '../record/error.ts';
import { schemaVersion } from '../record/run.ts';
import { upgraded } from '../record/upgrade.ts';
import { storeFailed } from './store-error.ts';

/** Wrong paths of one record that a message names. */
const mostPaths = 5;

const versioned = z.looseObject({ schemaVersion: z.number() });

function invalid(file: string, message: string, cause?: unknown): TapbenchError {
  return new TapbenchError('RECORD_INVALID', `${file}: ${message}`, {
    hint: 'The file was changed or damaged after it was written; the other records of the run can still be read.',
    cause,
  });
}

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
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
export function parseRecord<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const value = parsedJson(file, text);
  refuseNewer(file, value);
  const result = schema.safeParse(upgraded(value));
  if (result.success) return result.data;
  const { issues } = result.error;
  const paths = issues.slice(0, mostPaths).map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  const more = issues.length > mostPaths ? [`and ${String(issues.length - mostPaths)} more`] : [];
  throw invalid(file, [...paths, ...more].join('; '), result.error);
}

/**
 * Reads one stored record.
 * @throws TapbenchError `RECORD_INVALID` as `parseRecord`; `STORE_FAILED` where it can't be read
 */
export async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw storeFailed(`${file} can't be read`, cause);
  });
  return parseRecord(file, text, schema);
}

/** A record as it is stored: for people too, hence indented. */
export function recordText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
