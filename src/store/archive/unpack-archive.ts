import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fileMode, folderMode } from '../modes.ts';
import { isFolderName } from '../run-id.ts';
import {
  type ArchivedFile,
  type ArchiveManifest,
  manifestName,
  mostManifestBytes,
  readManifest,
  refused,
} from './archive-manifest.ts';
import { ByteReader } from './byte-reader.ts';
import { readTar, type TarEntry } from './read-tar.ts';

/** Records and logs shrink 5 to 30 times; gzip can at most about 1000 times. */
const mostRatio = 250;
/** Below this an archive may grow as it likes: small texts that repeat themselves. */
const harmlessBytes = 64 * 1024 ** 2;

async function* hashed(file: string, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(piece);
    yield piece;
  }
}

async function manifestOf(entries: AsyncGenerator<TarEntry>): Promise<ArchiveManifest> {
  const first = await entries.next();
  if (first.done === true || first.value.path !== manifestName) {
    throw refused(`no archive of tapbench: it does not begin with ${manifestName}`);
  }
  if (first.value.size > mostManifestBytes) throw refused(`${manifestName} is too long`);
  const pieces: Buffer[] = [];
  for await (const piece of first.value.content()) pieces.push(piece);
  const manifest = readManifest(Buffer.concat(pieces).toString('utf8'));
  if (isFolderName(manifest.runId)) return manifest;
  throw refused(`${JSON.stringify(manifest.runId)} can't be the id of a run`);
}

/** Before anything is unpacked: whether it can fit, and is not one that only pretends to be small. */
async function checkSize({ files }: ArchiveManifest, archive: string, draft: string): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const packed = (await stat(archive)).size;
  if (bytes > harmlessBytes && bytes > packed * mostRatio) {
    throw refused(`it would unpack ${packed} bytes into ${bytes}: no run is like that`);
  }
  const { bavail, bsize } = await statfs(draft);
  if (bytes <= bavail * bsize) return;
  throw refused(
    `it needs ${bytes} bytes, and ${bavail * bsize} are free`,
    'Free some space, or import into a store on another disk with --store DIR.',
  );
}

async function unpackFile(entry: TarEntry, file: ArchivedFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: folderMode });
  await using handle = await open(path, 'wx', fileMode);
  const hash = createHash('sha256');
  for await (const piece of entry.content()) {
    hash.update(piece);
    await handle.write(piece);
  }
  if (hash.digest('hex') !== file.sha256)
    throw refused(`${file.path} is damaged: its sha256 is another`, 'Copy it again.');
  await handle.sync();
}

/** The entries are those of the manifest, in its order: none twice, none more, none missing. */
async function unpackFiles(entries: AsyncGenerator<TarEntry>, manifest: ArchiveManifest, draft: string): Promise<void> {
  for (const file of manifest.files) {
    const next = await entries.next();
    if (next.done === true) throw refused(`${file.path} is missing from the archive`, 'Copy it again.');
    const { path, size } = next.value;
    if (path !== `${manifest.runId}/${file.path}` || size !== file.bytes) {
      throw refused(`${JSON.stringify(path)} (${size} bytes) is not what the manifest has here: ${file.path}`);
    }
    await unpackFile(next.value, file, join(draft, path));
  }
  const more = await entries.next();
  if (more.done !== true) throw refused(`${JSON.stringify(more.value.path)} is not in the manifest`);
}

export interface Unpacked {
  readonly manifest: ArchiveManifest;
  /** Of the archive itself. */
  readonly sha256: string;
}

/**
 * Unpacks an archive into a folder, file by file as its manifest says. Throws what gzip and the file system throw, too.
 * @throws TapbenchError `ARCHIVE_REFUSED`
 */
export async function unpackArchive(archive: string, draft: string): Promise<Unpacked> {
  const hash = createHash('sha256');
  const manifests: ArchiveManifest[] = [];
  await pipeline(hashed(archive, hash), createGunzip(), async (bytes: AsyncIterable<Buffer>) => {
    const entries = readTar(new ByteReader(bytes));
    const manifest = await manifestOf(entries);
    manifests.push(manifest);
    await checkSize(manifest, archive, draft);
    await unpackFiles(entries, manifest, draft);
  });
  const [manifest] = manifests;
  if (manifest === undefined) throw refused('it is empty');
  return { manifest, sha256: hash.digest('hex') };
}
