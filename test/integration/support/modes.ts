import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Mode of everything in a folder, and of itself, by path; links have none of their own. */
export async function modesIn(folder: string): Promise<{ path: string; isFolder: boolean; mode: number }[]> {
  const names = await readdir(folder, { recursive: true });
  const all = await Promise.all(
    [folder, ...names.map((name) => join(folder, name))].map(async (path) => ({ path, stats: await lstat(path) })),
  );
  return all
    .filter(({ stats }) => !stats.isSymbolicLink())
    .map(({ path, stats }) => ({ path, isFolder: stats.isDirectory(), mode: stats.mode & 0o7777 }));
}
