import { constants, copyFile, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findExecutable } from '../lab/executable.ts';
import { run } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';
import { type DiskEntry, distinctEntries } from './disk-tree.ts';

const mebibyte = 1024 ** 2;
/** mke2fs copies 500 MB in 2 s; a slow disk needs more. */
const makeDeadlineMs = 300_000;
/** Inodes, tables, and the unused ends of blocks, as a share of the content. */
const overhead = 1.15;

async function write(entry: DiskEntry, folder: string): Promise<void> {
  const to = join(folder, entry.path);
  await mkdir(entry.kind === 'folder' ? to : dirname(to), { recursive: true });
  switch (entry.kind) {
    case 'file':
      await copyFile(entry.source, to, constants.COPYFILE_FICLONE);
      break;
    case 'text':
      await writeFile(to, entry.text, { mode: entry.mode });
      break;
    case 'bytes':
      await writeFile(to, entry.bytes);
      break;
    case 'symlink':
      await symlink(entry.target, to);
      break;
    case 'folder':
      break;
  }
}

async function bytesOf(entry: DiskEntry): Promise<number> {
  return entry.kind === 'file' ? (await stat(entry.source)).size : 0;
}

async function demandMke2fs(): Promise<string> {
  const path = await findExecutable('mke2fs');
  if (path !== null) return path;
  throw new TapbenchError('HOST_INCAPABLE', 'mke2fs is not installed: it makes the disks of the nested machine', {
    hint: 'apt-get install e2fsprogs',
  });
}

export interface DiskImageOptions {
  readonly entries: readonly DiskEntry[];
  /** The image file to make. */
  readonly file: string;
  /** For the tree that the image is made of; removed by the caller. */
  readonly workFolder: string;
  /** Room to write in it, bytes: it takes none on the disk of the host. */
  readonly freeBytes: number;
}

/**
 * An ext4 file system in a file, made without mounting anything (`mke2fs -d`), so without root. No journal: it is written under
 * `snapshot=on` and thrown away.
 * @throws TapbenchError `HOST_INCAPABLE` without mke2fs, `PROCESS_FAILED`
 */
export async function makeDiskImage({ entries, file, workFolder, freeBytes }: DiskImageOptions): Promise<void> {
  const program = await demandMke2fs();
  const all = distinctEntries(entries);
  const tree = join(workFolder, 'tree');
  await mkdir(tree, { recursive: true });
  // In order: a symbolic link that stands for a folder must be there before what is in it.
  const links = all.filter(({ kind }) => kind === 'symlink');
  for (const entry of all.filter(({ kind }) => kind !== 'symlink')) await write(entry, tree);
  for (const entry of links) await write(entry, tree);
  const content = (await Promise.all(all.map(bytesOf))).reduce((sum, bytes) => sum + bytes, 0);
  const megabytes = Math.ceil((content * overhead + freeBytes) / mebibyte) + 32;
  const options = ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-E', 'lazy_itable_init=1,root_owner=0:0'];
  await run([program, ...options, '-d', tree, file, `${String(megabytes)}M`], { deadlineMs: makeDeadlineMs });
}
