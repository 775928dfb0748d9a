import { chownSync, closeSync, constants, copyFileSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { isReadByOthers } from '../lab/own-user.ts';
import { firstFile } from '../lab/process.ts';
import type { ReadFile } from '../vmm/driver.ts';

/** Open files for a process that may not look where they lie, and its command line with their new names. Disposing closes ours. */
export interface HandedFiles extends Disposable {
  readonly argv: readonly string[];
  /** As `StartOptions.files` wants them. */
  readonly descriptors: readonly number[];
}

export interface Receiver {
  readonly userId: number;
  /** For copies of what nobody else may read; removed by its owner. */
  readonly folder: string;
}

/** An open file that the user may open anew: a name in /proc asks for the rights to the file, not for those to its folders. */
function opened(path: string, { userId, folder }: Receiver): number {
  // It was a file when it was looked at; a pipe in its place must not hold us.
  const own = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = fstatSync(own);
  if (stats.isFile() && isReadByOthers(stats)) return own;
  try {
    if (!stats.isFile()) throw new Error(`${path} is no file any more`);
    const copy = join(folder, `read-${path.replaceAll('/', '_').slice(-100)}`);
    copyFileSync(`/proc/self/fd/${String(own)}`, copy);
    chownSync(copy, userId, userId);
    return openSync(copy, 'r');
  } finally {
    closeSync(own);
  }
}

/**
 * Gives a process open files for the words of its command line that name these.
 * @throws the system's error for one that can't be opened
 */
export function handOver(argv: readonly string[], reads: readonly ReadFile[], receiver: Receiver): HandedFiles {
  const descriptors = reads.map(({ path }) => opened(path, receiver));
  const names = new Map(
    reads.map(({ path, word }, index) => [word(path), word(`/proc/self/fd/${String(firstFile + index)}`)]),
  );
  return {
    argv: argv.map((word) => names.get(word) ?? word),
    descriptors,
    [Symbol.dispose]: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}
