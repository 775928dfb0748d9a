import { createHash, type Hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openPlainFile } from '../plain-file.ts';
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

/** What is done with an archive while it is read, in its order. */
export interface ArchiveVisitor {
  onManifest(manifest: ArchiveManifest): Promise<void>;
  /** Takes the content of a file whole. That it is the right one is checked behind it. */
  onFile(file: ArchivedFile, content: AsyncIterable<Buffer>): Promise<void>;
}

export interface ReadArchive {
  readonly manifest: ArchiveManifest;
  /** Of the archive itself. */
  readonly sha256: string;
}

async function* hashed(pieces: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

/** All of a content. By hand: `buffer` of node:stream/consumers holds it twice, and what archives may take is bounded. */
export async function collected(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function manifestOf(entries: AsyncGenerator<TarEntry>): Promise<ArchiveManifest> {
  const first = await entries.next();
  if (first.done === true || first.value.path !== manifestName) {
    throw refused(`no archive of tapbench: it does not begin with ${manifestName}`);
  }
  const { size } = first.value;
  if (size > mostManifestBytes) throw refused(`${manifestName} is larger than ${String(mostManifestBytes)} bytes`);
  return readManifest(await collected(first.value.content()));
}

/** Before anything is unpacked: whether it only pretends to be small. */
function refuseBomb({ files }: ArchiveManifest, packedBytes: number): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= harmlessBytes || bytes <= packedBytes * mostRatio) return;
  throw refused(`it would unpack ${String(packedBytes)} bytes into ${String(bytes)}: no run is like that`);
}

async function readFile(entry: TarEntry, file: ArchivedFile, visitor: ArchiveVisitor): Promise<void> {
  const hash = createHash('sha256');
  await visitor.onFile(file, hashed(entry.content(), hash));
  if (hash.digest('hex') !== file.sha256)
    throw refused(`${file.path} is damaged: its sha256 is another`, 'Copy it again.');
}

/** The entries are those of the manifest, in its order: none twice, none more, none missing. */
async function readFiles(
  entries: AsyncGenerator<TarEntry>,
  manifest: ArchiveManifest,
  visitor: ArchiveVisitor,
): Promise<void> {
  for (const file of manifest.files) {
    const next = await entries.next();
    if (next.done === true) throw refused(`${file.path} is missing from the archive`, 'Copy it again.');
    const { path, size } = next.value;
    if (path !== `${manifest.runId}/${file.path}` || size !== file.bytes) {
      throw refused(`${JSON.stringify(path)} (${String(size)} bytes) is not what the manifest has here: ${file.path}`);
    }
    await readFile(next.value, file, visitor);
  }
  const more = await entries.next();
  if (more.done !== true) throw refused(`${JSON.stringify(more.value.path)} is not in the manifest`);
}

/**
 * Reads an archive from its beginning to its end, as its manifest says. Throws what gzip and the file system throw, too.
 * @throws TapbenchError `ARCHIVE_REFUSED`; NoPlainFile; the reason of `signal`
 */
export async function readArchive(archive: string, visitor: ArchiveVisitor, signal: AbortSignal): Promise<ReadArchive> {
  await using handle = await openPlainFile(archive);
  const { size } = await handle.stat();
  const hash = createHash('sha256');
  const manifests: ArchiveManifest[] = [];
  const source = handle.createReadStream({ autoClose: false });
  await pipeline(
    hashed(source as AsyncIterable<Buffer>, hash),
    createGunzip(),
    async (bytes: AsyncIterable<Buffer>) => {
      const entries = readTar(new ByteReader(bytes));
      const manifest = await manifestOf(entries);
      manifests.push(manifest);
      refuseBomb(manifest, size);
      await visitor.onManifest(manifest);
      await readFiles(entries, manifest, visitor);
    },
    { signal },
  );
  const [manifest] = manifests;
  if (manifest === undefined) throw refused('it is empty');
  return { manifest, sha256: hash.digest('hex') };
}
