import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { isThere } from '../layout.ts';
import type { ArchiveManifest } from './archive-manifest.ts';
import { runFiles } from './run-files.ts';
import { isRecordPath } from './run-path.ts';

/** Files that do not make another run of it: what users say of it, and what is written anew from the records. */
const mayDiffer: readonly string[] = ['tags.json', 'report.md'];

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest('hex');
}

/** How a run of a store differs from an archived one; null where it is the same and has all that the archive has. Tags and the Markdown report are left out. */
export async function differenceOf(folder: string, { files }: ArchiveManifest): Promise<string | null> {
  const archived = new Set(files.map(({ path }) => path));
  const more = (await runFiles(folder)).filter(isRecordPath).find((path) => !archived.has(path));
  if (more !== undefined) return `${more} is not in the archive`;
  for (const { path, sha256 } of files.filter((file) => !mayDiffer.includes(file.path))) {
    const file = join(folder, path);
    if (!(await isThere(file))) return `it has no ${path}`;
    if ((await sha256Of(file)) !== sha256) return `its ${path} is another`;
  }
  return null;
}
