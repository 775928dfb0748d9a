import { open } from 'node:fs/promises';

/** What lies in the cache is only read by others, whatever the umask. */
export const cacheFolderMode = 0o755;

/** Writes a file and waits until it is on the disk. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, 'w', 0o644);
  await file.writeFile(content);
  await file.sync();
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
