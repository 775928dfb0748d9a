import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../layout.ts';
import type { ArchiveManifest } from './archive-manifest.ts';
import { describedFile } from './run-file.ts';
import { runFiles } from './run-files.ts';
import { isRecordPath } from './run-path.ts';

/** Files that do not make another run of it: what users say of it, and what is written anew from the records. */
const mayDiffer: readonly string[] = ['tags.json', 'report.md'];

/**
 * How a run of a store differs from an archived one; null where it is the same and has all that the archive has. Tags and the Markdown report are left
 * out.
 * @throws TapbenchError `STORE_FAILED`; the reason of `signal`
 */
export async function differenceOf(
  runFolder: string,
  { files }: ArchiveManifest,
  signal: AbortSignal,
): Promise<string | null> {
  const folder = await realpath(runFolder);
  const archived = new Set(files.map(({ path }) => path));
  const more = (await runFiles(folder)).filter(isRecordPath).find((path) => !archived.has(path));
  if (more !== undefined) return `${more} is not in the archive`;
  for (const { path, bytes, sha256 } of files.filter((file) => !mayDiffer.includes(file.path))) {
    const file = join(folder, path);
    if (!(await isThere(file))) return `it has no ${path}`;
    const isSame = (await stat(file)).size === bytes && (await describedFile(folder, path, signal)).sha256 === sha256;
    if (!isSame) return `its ${path} is another`;
  }
  return null;
}
