import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { TapbenchError } from '../../record/error.ts';

/** What a folder holds, as a root file system. */
export interface RootfsTree {
  /** Over names, kinds, rights, owners and contents; not over times and extended attributes. */
  readonly sha256: string;
  readonly entries: number;
  /** Of its files, in whole blocks. */
  readonly bytes: number;
}

/** More is no root file system to measure in. */
export const treeBounds = { entries: 1_000_000, bytes: 16 * 1024 ** 3 } as const;

const blockBytes = 4_096;
const pieceBytes = 1024 ** 2;
/** One that was exchanged for a link must not lead out, and for a pipe not hold us. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** By errno(3). */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  ENAMETOOLONG: 'its folders are nested too deep',
  ENOENT: 'it went away while it was read',
};

/** Of a path that is told: one of the tree's may have thousands. */
const mostPathLength = 200;

/** Of a name that need not be UTF-8. */
function refusal(path: Buffer, what: string, cause?: unknown): TapbenchError {
  const text = path.toString('utf8');
  const told = text.length > mostPathLength ? `${text.slice(0, mostPathLength)}…` : text;
  return new TapbenchError('EXPERIMENT_INVALID', `guest.rootfs: ${told}: ${what}`, { cause });
}

/** @param size as it was when it was counted: what grows meanwhile would never end */
async function contentSha256(path: Buffer, size: number, { signal }: Sum): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  await using file = await open(path, openFlags);
  if (!(await file.stat()).isFile()) throw refusal(path, 'it was exchanged while it was read');
  for (let left = size; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, pieceBytes);
    if (bytesRead === 0) return hash.digest('hex');
    left -= bytesRead;
    if (left < 0) throw refusal(path, 'it is longer than it says, or grew while it was read');
    hash.update(piece.subarray(0, bytesRead));
  }
}

/** What is summed up so far. */
interface Sum {
  readonly hash: Hash;
  readonly device: number;
  readonly signal: AbortSignal;
  entries: number;
  bytes: number;
}

function demandBounds({ entries, bytes }: Sum, path: Buffer): void {
  if (entries > treeBounds.entries) throw refusal(path, `more than ${String(treeBounds.entries)} files`);
  if (bytes > treeBounds.bytes) throw refusal(path, `more than ${String(treeBounds.bytes / 1024 ** 3)} GiB`);
}

async function addEntry(path: Buffer, name: Buffer, sum: Sum): Promise<void> {
  try {
    await addReadable(path, name, sum);
  } catch (cause) {
    sum.signal.throwIfAborted();
    throw cause instanceof TapbenchError ? cause : refusal(path, `it can't be read: ${reasonOf(cause)}`, cause);
  }
}

/** Without the path, which may be as long as the error. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' ? (reasons[code] ?? code) : String(cause).slice(0, mostPathLength);
}

async function addReadable(path: Buffer, name: Buffer, sum: Sum): Promise<void> {
  const stats = await lstat(path);
  const { mode, uid, gid, dev } = stats;
  // /proc of a tree that somebody works in is such a one. Of folders only: files of an overlay may have the number of the layer below.
  if (stats.isDirectory() && dev !== sum.device) throw refusal(path, 'another file system is mounted there: umount it');
  sum.entries++;
  if (stats.isFile()) sum.bytes += Math.ceil(stats.size / blockBytes) * blockBytes;
  demandBounds(sum, path);
  const isDevice = stats.isBlockDevice() || stats.isCharacterDevice();
  const words = [mode, uid, gid, isDevice ? stats.rdev : 0].map(String);
  if (stats.isFile()) words.push(await contentSha256(path, stats.size, sum));
  sum.hash
    .update(`${words.join(' ')} `)
    .update(name)
    .update('\0');
  if (stats.isSymbolicLink()) sum.hash.update(await readlink(path, { encoding: 'buffer' })).update('\0');
  if (stats.isDirectory()) await addFolder(path, name, sum);
}

async function addFolder(path: Buffer, name: Buffer, sum: Sum): Promise<void> {
  const names = await readdir(path, { encoding: 'buffer' });
  const slash = Buffer.from('/');
  for (const one of names.toSorted((a, b) => Buffer.compare(a, b))) {
    await addEntry(Buffer.concat([path, slash, one]), Buffer.concat([name, slash, one]), sum);
  }
}

/**
 * Looks through a folder. Nothing in it is followed or opened but plain files: devices and pipes are known by what they are.
 * @param signal ends it with its reason
 * @throws TapbenchError `EXPERIMENT_INVALID` for one that is too large, that can't be read, or where something is mounted
 */
export async function readTree(folder: string, signal: AbortSignal): Promise<RootfsTree> {
  const sum: Sum = { hash: createHash('sha256'), device: (await lstat(folder)).dev, signal, entries: 0, bytes: 0 };
  await addFolder(Buffer.from(folder), Buffer.alloc(0), sum);
  return { sha256: sum.hash.digest('hex'), entries: sum.entries, bytes: sum.bytes };
}
