import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import { z } from 'zod';
import { manifestName, manifestText } from '../../src/store/archive/archive-manifest.ts';

/** One entry of a tar that need not be one of ours. */
export interface Entry {
  readonly path: string;
  readonly content: string | Buffer;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'Directory' | 'FIFO';
  readonly size?: number;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function entryBytes({ path, content, type = 'File', size }: Entry): Buffer {
  const bytes = Buffer.from(content);
  const linkpath = type === 'SymbolicLink' || type === 'Link' ? '/etc/passwd' : '';
  const header = new Header({ path, type, mode: 0o644, size: size ?? bytes.length, mtime: new Date(0), linkpath });
  const block = Buffer.alloc(512);
  const isLong = header.encode(block);
  return Buffer.concat([...(isLong ? [new Pax({ path }).encode()] : []), block, padded(bytes)]);
}

/** A gzipped tar of these, as they are. */
export function tarGz(entries: readonly Entry[], end = Buffer.alloc(1024)): Buffer {
  return gzipSync(Buffer.concat([...entries.map(entryBytes), end]));
}

/** The manifest of an archive of these files. */
export function manifestEntry(
  runId: string,
  files: readonly { path: string; content: string; bytes?: number }[],
): Entry {
  const described = files.map(({ path, content, bytes }) => ({
    path,
    bytes: bytes ?? Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return {
    path: manifestName,
    content: manifestText({
      runId,
      schemaVersion: 2,
      tapbenchVersion: '1.0.0',
      hasRawFiles: true,
      files: described,
    }),
  };
}

/** A file of an archived run. */
export interface PackedFile {
  readonly path: string;
  readonly content: string;
}

const manifestSchema = z.object({
  runId: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
});

/** An archive of ours as its run and files. */
export function unpacked(archive: Buffer): { runId: string; files: PackedFile[] } {
  const tar = gunzipSync(archive);
  let at = 0;
  const next = (bytes: number): string => {
    const isExtended = () => String.fromCharCode(tar[at + 156] ?? 0) === 'x';
    while (isExtended()) at += 1024;
    const content = tar.subarray(at + 512, at + 512 + bytes).toString('utf8');
    at += 512 + Math.ceil(bytes / 512) * 512;
    return content;
  };
  const manifestBytes = Number.parseInt(tar.subarray(124, 135).toString('ascii'), 8);
  const { runId, files } = manifestSchema.parse(JSON.parse(next(manifestBytes)));
  return { runId, files: files.map(({ path, bytes }) => ({ path, content: next(bytes) })) };
}

/** An archive of files, whose manifest has them in order. */
export function packed(runId: string, files: readonly PackedFile[]): Buffer {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const entries = sorted.map(({ path, content }) => ({ path: `${runId}/${path}`, content }));
  return tarGz([manifestEntry(runId, sorted), ...entries]);
}
