import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

/** A file of the kernel that was set to something else, with what it takes to undo that. */
export interface ChangedSetting {
  readonly path: string;
  readonly before: string;
  /** What it was set to. */
  readonly after: string;
}

/**
 * What became of a setting that was to get its old value back. `unchanged`: it had it; `changed-since`: it is neither as it was nor as
 * it was set, so somebody else set it meanwhile, and theirs was left.
 */
export type Restored = 'restored' | 'unchanged' | 'changed-since';

/**
 * The value in force in a file of sysfs: its text, or of a file that shows all choices the one in brackets (`always [madvise] never`).
 * null where there is no such file.
 * @throws the system's error where the file is there and can't be read
 */
export function readSetting(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text;
}

/** Writes a file that exists, in one write, as sysfs wants it. @throws the system's error */
export function writeSetting(path: string, value: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeSync(descriptor, `${value}\n`);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives a setting its old value back, unless somebody else has changed it since. @throws the system's error; a kernel that keeps another value is one, too */
export function restoreSetting({ path, before, after }: ChangedSetting): Restored {
  const now = readSetting(path);
  if (now === before) return 'unchanged';
  if (now !== after) return 'changed-since';
  writeSetting(path, before);
  const kept = readSetting(path);
  if (kept !== before) throw new Error(`it is ${kept ?? 'gone'} and does not take its old value ${before} back`);
  return 'restored';
}
