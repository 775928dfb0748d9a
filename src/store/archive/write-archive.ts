import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Header, Pax } from 'tar';
import { TapbenchError } from '../../record/error.ts';
import { type RunHeader, runHeader, schemaVersion } from '../../record/run.ts';
import { layout } from '../layout.ts';
import { writeOutputFile } from '../output-file.ts';
import { readRun } from '../read-run.ts';
import { storeFailed } from '../store-error.ts';
import { readRecord } from '../stored-record.ts';
import { type ArchivedFile, manifestName, manifestText, mostFiles, mostManifestBytes } from './archive-manifest.ts';
import { contentOf, describedFile } from './run-file.ts';
import { runFiles } from './run-files.ts';
import { isRecordPath } from './run-path.ts';

export interface ArchiveRequest {
  /** Folder of the run. */
  readonly folder: string;
  /** File to make; one that is there is replaced. */
  readonly output: string;
  readonly hasRawFiles: boolean;
  readonly tapbenchVersion: string;
  /** Ends it and leaves nothing; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenArchive {
  readonly output: string;
  readonly runId: string;
  readonly files: number;
  /** Before compression. */
  readonly bytes: number;
}

/** Tar counts in blocks (POSIX pax, "ustar Interchange Format"). */
const blockBytes = 512;
/** gzip's own default. */
const compressionLevel = 6;

/** Nothing of this machine or moment: the same run gives the same archive, byte for byte. */
function entryHeader(path: string, size: number): Buffer {
  const facts = { path, size, mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };
  const header = new Header({ ...facts, type: 'File' });
  const block = Buffer.alloc(blockBytes);
  const needsPax = header.encode(block);
  return needsPax ? Buffer.concat([new Pax({ path, mtime: new Date(0) }).encode(), block]) : block;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}

/** What is packed. */
interface Packing {
  /** Of the run, without links. */
  readonly folder: string;
  readonly header: RunHeader;
  readonly signal: AbortSignal;
}

async function* fileEntry(run: Packing, file: ArchivedFile): AsyncGenerator<Buffer> {
  const { folder, header, signal } = run;
  yield entryHeader(`${header.runId}/${file.path}`, file.bytes);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of contentOf(folder, file.path, signal)) {
    hash.update(piece);
    bytes += piece.length;
    // One that grows without end must not fill the disk.
    if (bytes > file.bytes) break;
    yield piece;
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) {
    throw new TapbenchError('STORE_FAILED', `${join(folder, file.path)} changed while it was archived`, {
      hint: 'Archive the run when it has ended.',
    });
  }
  yield padding(file.bytes);
}

async function* tarOf(request: ArchiveRequest, run: Packing, files: readonly ArchivedFile[]) {
  const { hasRawFiles, tapbenchVersion } = request;
  const { folder, header } = run;
  const manifest = Buffer.from(
    manifestText({ runId: header.runId, schemaVersion, tapbenchVersion, hasRawFiles, files: [...files] }),
  );
  if (manifest.length > mostManifestBytes || files.length > mostFiles) {
    throw new TapbenchError('STORE_FAILED', `${folder} has too many files for one archive: ${files.length}`, {
      hint: 'Leave tool output out with --without-raw.',
    });
  }
  yield entryHeader(manifestName, manifest.length);
  yield manifest;
  yield padding(manifest.length);
  for (const file of files) yield* fileEntry(run, file);
  yield Buffer.alloc(2 * blockBytes);
}

/** Every archive can be imported: a run with a record that can't be read has none. */
async function refuseDamaged(folder: string): Promise<void> {
  const { damaged } = await readRun(folder);
  const [first] = damaged;
  if (first !== undefined) throw first.error;
}

/**
 * Packs a run into one gzipped tar file: a manifest with size and sha256 of each file, then the files in its order. The same run, packed by the same
 * version of tapbench, gives the same bytes.
 * @throws TapbenchError `RECORD_INVALID` for a run with damaged records, `STORE_FAILED`, `OUTPUT_FAILED`; nothing half-written is left
 */
export async function writeArchive(request: ArchiveRequest): Promise<WrittenArchive> {
  const { output, hasRawFiles, signal = new AbortController().signal } = request;
  const folder = await realpath(request.folder).catch((cause: unknown) => {
    throw storeFailed(`${request.folder} can't be read`, cause);
  });
  const header = await readRecord(join(folder, layout.header), runHeader);
  await refuseDamaged(folder);
  const paths = (await runFiles(folder)).filter((path) => hasRawFiles || path === layout.tags || isRecordPath(path));
  const files: ArchivedFile[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    files.push(await describedFile(folder, path, signal));
  }
  const write = async (draft: string): Promise<void> => {
    const file = createWriteStream(draft, { flags: 'wx', flush: true });
    await pipeline(tarOf(request, { folder, header, signal }, files), createGzip({ level: compressionLevel }), file, {
      signal,
    });
  };
  await writeOutputFile(output, { write, signal });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { output, runId: header.runId, files: files.length, bytes };
}
