import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from './store-error.ts';

/** What stands where a file was expected, or a file that is too large. */
export class NoPlainFile extends Error {
  override readonly name = 'NoPlainFile';
  readonly code = 'ENOTPLAIN';
}

/** What a path leads to, in words; `file` for a plain one. */
export function kindOf(stats: Stats | Dirent): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  return stats.isSymbolicLink() ? 'link' : 'device';
}

function demandPlain(stats: Stats): void {
  if (!stats.isFile()) throw new NoPlainFile(`it is a ${kindOf(stats)}, not a file`);
}

function tooLarge(mostBytes: number): NoPlainFile {
  const mebibytes = mostBytes / 1024 ** 2;
  const limit = mebibytes >= 1 ? `${String(mebibytes)} MiB` : `${String(mostBytes)} bytes`;
  return new NoPlainFile(`it is larger than ${limit}`);
}

/** A pipe without a writer must not be waited for, and a terminal not become ours. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Read at once from a file that does not say its size, as those of /proc. */
const pieceBytes = 65_536;

/** O_PATH of open(2), asm-generic/fcntl.h: a handle on what is there, which does not open it. Node has no name for it. */
export const handleOnly = 0o10_000_000;

/** The name by which the kernel finds what a handle is on, whoever exchanged its path since (proc_pid_fd(5)). */
export function nameOf(descriptor: number): string {
  return `/proc/self/fd/${String(descriptor)}`;
}

/** An error with the path that the user knows, in place of the kernel's name of a handle. */
export function withPath(cause: unknown, name: string, path: string): unknown {
  if (cause instanceof Error) cause.message = cause.message.replaceAll(name, path);
  return cause;
}

/**
 * Opens a plain file for reading; through links. What else there is is not even opened, also if it takes the file's place meanwhile: some devices act
 * on that.
 * @throws NoPlainFile, and what the file system throws
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  await using found = await open(path, handleOnly);
  demandPlain(await found.stat());
  const name = nameOf(found.fd);
  return await open(name, openFlags).catch((cause: unknown) => {
    throw withPath(cause, name, path);
  });
}

/**
 * The bytes of a plain file, never more than `mostBytes` of them.
 * @throws NoPlainFile, and what the file system throws
 */
export async function readPlainFile(path: string, mostBytes: number): Promise<Buffer> {
  await using handle = await openPlainFile(path);
  const { size } = await handle.stat();
  if (size > mostBytes) throw tooLarge(mostBytes);
  const pieces: Buffer[] = [];
  for (let total = 0; ; ) {
    const piece = Buffer.allocUnsafe(Math.max(size + 1 - total, pieceBytes));
    const { bytesRead } = await handle.read(piece, 0, piece.length);
    if (bytesRead === 0) return Buffer.concat(pieces);
    total += bytesRead;
    if (total > mostBytes) throw tooLarge(mostBytes);
    pieces.push(piece.subarray(0, bytesRead));
  }
}

/** Opens one at once, and closes it after use. @throws as `openPlainFile` */
function withPlainFileSync<T>(path: string, use: (descriptor: number, size: number) => T): T {
  const found = openSync(path, handleOnly);
  let descriptor: number;
  let stats: Stats;
  try {
    stats = fstatSync(found);
    demandPlain(stats);
    descriptor = openSync(nameOf(found), openFlags);
  } catch (cause) {
    throw withPath(cause, nameOf(found), path);
  } finally {
    closeSync(found);
  }
  try {
    return use(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}

/** As `readPlainFile`, at once: thousands of records are read quicker so. */
export function readPlainFileSync(path: string, mostBytes: number): Buffer {
  return withPlainFileSync(path, (descriptor, size) => {
    if (size > mostBytes) throw tooLarge(mostBytes);
    const pieces: Buffer[] = [];
    for (let total = 0; ; ) {
      const piece = Buffer.allocUnsafe(Math.max(size + 1 - total, pieceBytes));
      const bytesRead = readSync(descriptor, piece, 0, piece.length, null);
      if (bytesRead === 0) return Buffer.concat(pieces);
      total += bytesRead;
      if (total > mostBytes) throw tooLarge(mostBytes);
      pieces.push(piece.subarray(0, bytesRead));
    }
  });
}

/** The first bytes of a plain file, fewer where it ends before. @throws NoPlainFile, and what the file system throws */
export function readPlainFileStartSync(path: string, bytes: number): Buffer {
  return withPlainFileSync(path, (descriptor) => {
    const start = Buffer.alloc(bytes);
    return start.subarray(0, readSync(descriptor, start, 0, bytes, 0));
  });
}

/**
 * Refuses what a program that writes must not open: anything but a plain file. Links too, which may lead anywhere.
 * @returns whether there is a file
 * @throws NoPlainFile
 */
export function demandOwnFile(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  demandPlain(stats);
  return true;
}

/** What is wrong with a file that is to be read, without opening it; null where nothing is, `absent` where there is none. */
export function problemOf(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'absent';
    return stats.isFile() ? null : `it is a ${kindOf(stats)}, not a file`;
  } catch (cause) {
    return problemText(cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'its links lead in a circle',
};

/** An error of the file system in a few words. */
export function problemText(cause: unknown): string {
  const known = reasons[errnoOf(cause) ?? ''];
  return known ?? (cause instanceof Error ? cause.message : String(cause));
}
