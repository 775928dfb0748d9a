import { Header, Pax } from 'tar';
import { refused } from './archive-manifest.ts';
import type { ByteReader } from './byte-reader.ts';

/** One file in a tar. Its content must be taken whole before the next entry is asked for. */
export interface TarEntry {
  readonly path: string;
  readonly size: number;
  content(): AsyncGenerator<Buffer>;
}

const blockBytes = 512;
/** Longest extended header: it holds a path, and ours are of at most 1 KiB. */
const mostExtendedBytes = 8_192;
/** Zero blocks that may follow the end: tar programs fill up to 10 KiB. */
const mostEndBlocks = 40;

function cutOff(): Error {
  return refused('the archive is cut off', 'Copy it again.');
}

async function block(reader: ByteReader): Promise<Buffer> {
  const bytes = await reader.exactly(blockBytes);
  if (bytes === null) throw cutOff();
  return bytes;
}

async function padded(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.exactly(Math.ceil(size / blockBytes) * blockBytes);
  if (bytes === null) throw cutOff();
  return bytes.subarray(0, size);
}

/** The library throws where a number in a header is larger than any file. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    throw refused('the archive is damaged: a header of it can not be read', 'Copy it again.');
  }
}

/** Only files: no folder, link or device can come out of an archive. */
function checked(header: Header): { path: string; size: number; isExtended: boolean } {
  const { path = '', size } = header;
  const shown = JSON.stringify(path);
  const isSize = size !== undefined && Number.isSafeInteger(size) && size >= 0;
  if (!header.cksumValid || !isSize) throw refused(`the archive is damaged near ${shown}`, 'Copy it again.');
  if (header.type === 'ExtendedHeader') {
    if (size <= mostExtendedBytes) return { path, size, isExtended: true };
    throw refused('the archive has an extended header that is too long');
  }
  if (header.type === 'File') return { path, size, isExtended: false };
  throw refused(`${shown} is no file but a ${header.type}: an archive of tapbench has files only`);
}

async function requireEnd(reader: ByteReader): Promise<void> {
  for (let blocks = 0; blocks < mostEndBlocks; blocks += 1) {
    const rest = await reader.some(blockBytes);
    if (rest === null) return;
    if (rest.some((byte) => byte !== 0)) break;
  }
  throw refused('the archive has something behind its end');
}

async function* contentOf(reader: ByteReader, size: number): AsyncGenerator<Buffer> {
  for (let missing = size; missing > 0; ) {
    const piece = await reader.some(missing);
    if (piece === null) throw cutOff();
    missing -= piece.length;
    yield piece;
  }
  if ((await reader.exactly((blockBytes - (size % blockBytes)) % blockBytes)) === null) throw cutOff();
}

/**
 * The files of a tar stream. Stricter than tar programs are: plain files and their long names only.
 * @throws TapbenchError `ARCHIVE_REFUSED`
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<TarEntry> {
  let longPath: string | null = null;
  for (;;) {
    const bytes = await block(reader);
    const header = parsed(() => new Header(bytes, 0));
    if (header.nullBlock) break;
    const { path, size, isExtended } = checked(header);
    if (isExtended) {
      if (longPath !== null) throw refused('the archive has two extended headers for one file');
      const text = (await padded(reader, size)).toString('utf8');
      longPath = parsed(() => Pax.parse(text)).path ?? '';
      continue;
    }
    yield { path: longPath ?? path, size, content: () => contentOf(reader, size) };
    longPath = null;
  }
  await requireEnd(reader);
}
