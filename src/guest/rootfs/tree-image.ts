import { findExecutable } from '../../lab/executable.ts';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import type { RootfsTree } from './tree.ts';

/** mke2fs copies 500 MB in 2 s; a slow disk needs more. */
const makeDeadlineMs = 600_000;
const mebibyte = 1024 ** 2;
/** Of each file and folder: its inode of 256 bytes, and its part of the folder that names it. */
const bytesAnEntry = 1_024;
/** Tables of groups, and blocks that folders and links take. Room that is not used takes none on the disk of the host. */
const spare = { share: 1.1, bytes: 64 * mebibyte };

export interface TreeImageOptions {
  /** What the folder holds. */
  readonly tree: RootfsTree;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Makes an ext4 file system of a folder (`mke2fs -d`), without mounting anything: owners, rights, links and devices as they are there, which is not
 * written to.
 * @throws TapbenchError `HOST_INCAPABLE` without mke2fs, `PROCESS_FAILED`
 */
export async function makeTreeImage(folder: string, file: string, { tree, signal }: TreeImageOptions): Promise<void> {
  const program = await findExecutable('mke2fs');
  if (program === null) {
    throw new TapbenchError(
      'HOST_INCAPABLE',
      'mke2fs is not installed: it makes a file system of the folder guest.rootfs',
      {
        hint: 'apt-get install e2fsprogs, or give an image of ext4 or squashfs',
      },
    );
  }
  const megabytes = Math.ceil(((tree.bytes + tree.entries * bytesAnEntry) * spare.share + spare.bytes) / mebibyte);
  const options = ['-q', '-F', '-t', 'ext4', '-b', '4096', '-O', '^has_journal', '-m', '0', '-E', 'lazy_itable_init=1'];
  const inodes = ['-N', String(Math.ceil(tree.entries * spare.share) + 64)];
  await run([program, ...options, ...inodes, '-d', folder, file, `${String(megabytes)}M`], {
    deadlineMs: makeDeadlineMs,
    env: { LC_ALL: 'C' },
    killedBy: signal,
  });
}
