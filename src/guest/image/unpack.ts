import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { run } from '../../lab/process.ts';
import { ParseError } from '../../record/error.ts';
import { isElf } from './elf.ts';
import { lz4LegacyMagic, unpackLz4Legacy } from './lz4-legacy.ts';

/** How kernels and kernel modules are packed; `none`: an ELF file as it stands. */
export type PackFormat = 'none' | 'gzip' | 'zstd' | 'lz4-legacy' | 'xz';

/** The first bytes of each format, as hex. */
const magics: readonly (readonly [PackFormat, string])[] = [
  ['gzip', '1f8b08'],
  ['zstd', '28b52ffd'],
  ['xz', 'fd377a585a00'],
];

/** Longest that xz may take for one kernel, ms. */
const xzDeadlineMs = 60_000;

/** The format that the first bytes say; null for one that is not known here (bzip2, lzma, lzo). */
export function packFormatOf(bytes: Buffer): PackFormat | null {
  if (isElf(bytes)) return 'none';
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === lz4LegacyMagic) return 'lz4-legacy';
  return magics.find(([, magic]) => bytes.toString('hex', 0, magic.length / 2) === magic)?.[0] ?? null;
}

async function unpackXz(bytes: Buffer, folder: string): Promise<Buffer> {
  const packed = join(folder, 'packed.xz');
  const unpacked = join(folder, 'packed');
  await writeFile(packed, bytes);
  await run(['xz', '--decompress', '--force', packed], { deadlineMs: xzDeadlineMs });
  const result = await readFile(unpacked);
  await rm(unpacked);
  return result;
}

export interface Packed {
  readonly bytes: Buffer;
  readonly format: PackFormat;
  /** Of the output, where something else than the packed bytes says it; LZ4 legacy needs it. */
  readonly unpackedBytes: number | null;
  /** For errors. */
  readonly file: string;
}

/**
 * Unpacks.
 * @param folder for the files that xz needs
 * @throws ParseError when the data is damaged; PROCESS_FAILED from xz
 */
export async function unpack(packed: Packed, folder: string): Promise<Buffer> {
  const { bytes, file } = packed;
  const damaged = (cause: unknown) =>
    new ParseError({ file, path: 'byte 0' }, `damaged ${packed.format} data`, { cause });
  switch (packed.format) {
    case 'none':
      return bytes;
    case 'gzip':
    case 'zstd':
      try {
        return packed.format === 'gzip' ? gunzipSync(bytes) : zstdDecompressSync(bytes);
      } catch (cause) {
        throw damaged(cause);
      }
    case 'lz4-legacy':
      if (packed.unpackedBytes === null) throw damaged(new Error('the size of the output is not said'));
      return unpackLz4Legacy(bytes, packed.unpackedBytes, file);
    case 'xz':
      return unpackXz(bytes, folder);
  }
}
