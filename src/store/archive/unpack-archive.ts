import { mkdir, open, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileMode, folderMode } from '../modes.ts';
import { type ArchivedFile, type ArchiveManifest, refused } from './archive-manifest.ts';
import { type ArchiveVisitor, type ReadArchive, readArchive } from './read-archive.ts';

async function checkRoom({ files }: ArchiveManifest, draft: string): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const { bavail, bsize } = await statfs(draft);
  if (bytes <= bavail * bsize) return;
  throw refused(
    `it needs ${String(bytes)} bytes, and ${String(bavail * bsize)} are free`,
    'Free some space, or import into a store on another disk with --store DIR.',
  );
}

class Unpacker implements ArchiveVisitor {
  readonly #draft: string;
  #folder = '';

  constructor(draft: string) {
    this.#draft = draft;
  }

  async onManifest(manifest: ArchiveManifest): Promise<void> {
    await checkRoom(manifest, this.#draft);
    this.#folder = join(this.#draft, manifest.runId);
  }

  async onFile(file: ArchivedFile, content: AsyncIterable<Buffer>): Promise<void> {
    const path = join(this.#folder, file.path);
    await mkdir(dirname(path), { recursive: true, mode: folderMode });
    await using handle = await open(path, 'wx', fileMode);
    for await (const piece of content) await handle.write(piece);
    await handle.sync();
  }
}

/**
 * Unpacks an archive that has been checked into a folder.
 * @throws TapbenchError `ARCHIVE_REFUSED` where it is another by now or has no room, and as `readArchive`
 */
export async function unpackArchive(
  archive: string,
  { draft, checked, signal }: { draft: string; checked: ReadArchive; signal: AbortSignal },
): Promise<void> {
  const { sha256 } = await readArchive(archive, new Unpacker(draft), signal);
  if (sha256 !== checked.sha256) throw refused('it was changed while it was read', 'Try again.');
}
