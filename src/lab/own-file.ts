import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { otherWriter } from './folder-owners.ts';

/** None of ours is near it: a larger one is none. */
const mostBytes = 64 * 1024 ** 2;
const ownMode = 0o600;

/** Opens a file that must not be there yet, for this user alone: through no link, and over nobody's file. @throws the system's error */
export function openNewFile(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, ownMode);
}

/** Writes one. @throws the system's error */
export function writeNewFile(path: string, text: string): void {
  const descriptor = openNewFile(path);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** What a file of ours says, which nobody else can have written; null where it is gone. @throws Error that says why it is none */
export function readOwnFile(path: string): string | null {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a FIFO would hold us until somebody writes.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT') return null;
    throw new Error(code === 'ELOOP' ? 'it is a link' : `it can't be opened (${String(code)})`, { cause });
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('it is no plain file');
    if (stats.uid !== process.geteuid?.()) throw new Error(`it belongs to user ${String(stats.uid)}`);
    const writer = otherWriter(stats);
    if (writer !== null) throw new Error(`it can be written by ${writer}`);
    if (stats.size > mostBytes) throw new Error(`it has ${String(stats.size)} bytes`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
