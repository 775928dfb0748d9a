import { createHash } from 'node:crypto';
import { type FileHandle, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { NoPlainFile, nameOf, openPlainFile } from '../plain-file.ts';
import { storeFailed } from '../store-error.ts';
import type { ArchivedFile } from './archive-manifest.ts';

/** Opens a file of a run under its own name. Whose run it is may have put a link in the place of a file or a folder since these were listed. */
async function opened(file: string): Promise<FileHandle> {
  const handle = await openPlainFile(file);
  try {
    if ((await readlink(nameOf(handle.fd))) === file) return handle;
    throw new NoPlainFile('a link leads out of the run to it, or it was exchanged');
  } catch (cause) {
    await handle.close();
    throw cause;
  }
}

/**
 * What is in a file of a run, piece by piece: it may be of any size.
 * @param folder of the run, without links (`realpath`)
 * @throws TapbenchError `STORE_FAILED` where it can't be opened or lies elsewhere; the reason of `signal`
 */
export async function* contentOf(folder: string, path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = join(folder, path);
  await using handle = await opened(file).catch((cause: unknown) => {
    throw storeFailed(`${file} can't be read`, cause);
  });
  for await (const piece of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    yield piece;
  }
}

/** Size and hash of a file of a run. @param folder as of `contentOf` @throws as `contentOf` */
export async function describedFile(folder: string, path: string, signal: AbortSignal): Promise<ArchivedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of contentOf(folder, path, signal)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}
