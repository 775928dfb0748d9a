import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type ReadEntry } from 'tar';
import { TapbenchError } from '../record/error.ts';

/** A run has some ten files a trial. */
const mostEntries = 100_000;
const fileMode = 0o640;
const folderMode = 0o750;

/** Lets through plain files and folders only, with rights of ours, and remembers the first of what else there is. */
class Admission {
  /** null: all was let through. */
  problem: string | null = null;
  #entries = 0;

  readonly admits = (path: string, entry: unknown): boolean => {
    const read = entry as ReadEntry;
    this.#entries += 1;
    if (this.#entries > mostEntries) this.problem ??= `more than ${String(mostEntries)} files`;
    // Not left to tar: it says so, and may have made the folders below by then.
    if (isAbsolute(path)) this.problem ??= `${JSON.stringify(path)}, an absolute path`;
    if (path.split('/').includes('..')) this.problem ??= `${JSON.stringify(path)}, a path that leads out`;
    if (read.type !== 'File' && read.type !== 'Directory') this.problem ??= `${JSON.stringify(path)}, a ${read.type}`;
    read.mode = read.type === 'File' ? fileMode : folderMode;
    return this.problem === null;
  };
}

/**
 * Unpacks what a machine left on its disk: a tar, not compressed, of `bytes` at the start of it.
 * @throws TapbenchError `VMM_FAILED` for anything but files and folders below `folder`
 */
export async function unpackResults(disk: string, bytes: number, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: folderMode });
  const admission = new Admission();
  const plain = { brotli: false, zstd: false, maxDecompressionRatio: 1 };
  const unpacking = extract({ cwd: folder, strict: true, preserveOwner: false, filter: admission.admits, ...plain });
  try {
    await pipeline(createReadStream(disk, { start: 0, end: bytes - 1 }), unpacking);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TapbenchError('VMM_FAILED', `the nested machine: its results can't be unpacked: ${message}`, { cause });
  }
  if (admission.problem !== null)
    throw new TapbenchError('VMM_FAILED', `the nested machine: its results have ${admission.problem}`);
}
