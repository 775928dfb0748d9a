import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTree } from '../guest/rootfs/tree.ts';
import { run } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';
import { treeOptions } from './job.ts';

/** There a tree lies unpacked and once more in an image, on a disk with 4 GiB of room (level-one/build.ts). */
const fittingBytes = 1.5 * 1024 ** 3;
/** As of mke2fs, which copies 500 MB in 2 s; a slow disk needs more. */
const packDeadlineMs = 600_000;

/** A root file system that goes along into the nested machine as one file. */
export interface PackedTree {
  /** Where it lies, here and there. */
  readonly folder: string;
  /** On the disk of the job. */
  readonly path: string;
  readonly source: string;
}

export interface PackOptions {
  readonly workFolder: string;
  readonly signal: AbortSignal;
  /** Of each, in whole blocks. */
  readonly mostBytes?: number;
}

/**
 * Packs folders with owners, rights, links, devices and extended attributes: the files of a disk's image have those of who makes it.
 * @param options.workFolder gets the packed ones
 * @throws TapbenchError `EXPERIMENT_INVALID` for one that is too large or has something mounted in it, `PROCESS_FAILED` where it can't be read
 */
export async function packTrees(folders: readonly string[], options: PackOptions): Promise<PackedTree[]> {
  const { workFolder, signal, mostBytes = fittingBytes } = options;
  const packed: PackedTree[] = [];
  await mkdir(workFolder, { recursive: true });
  for (const [index, folder] of folders.entries()) {
    const { bytes } = await readTree(folder, signal);
    if (bytes > mostBytes) {
      const message = `guest.rootfs: ${folder} is larger than ${String(mostBytes / 1024 ** 3)} GiB`;
      throw new TapbenchError('EXPERIMENT_INVALID', `${message}, and does not fit into a nested machine as a folder`, {
        hint: 'make an image of it (ext4, squashfs), and give that',
      });
    }
    const name = `${String(index)}.tar`;
    const source = join(workFolder, name);
    await run(['tar', '-c', ...treeOptions, '-C', folder, '-f', source, '.'], { deadlineMs: packDeadlineMs });
    packed.push({ folder, path: `/trees/${name}`, source });
  }
  return packed;
}
