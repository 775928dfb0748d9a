import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Looked in after PATH: a plain user's PATH often lacks them, and ip, ethtool and modprobe lie there. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The file that runs under this name (or this absolute path); null where there is none. */
export async function findExecutable(name: string, path = process.env['PATH'] ?? ''): Promise<string | null> {
  const folders = [...path.split(':').filter(isAbsolute), ...systemFolders];
  for (const candidate of isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))) {
    const isFile = await stat(candidate).then(
      (stats) => stats.isFile(),
      () => false,
    );
    const isExecutable =
      isFile &&
      (await access(candidate, constants.X_OK)
        .then(() => true)
        .catch(() => false));
    if (isExecutable) return candidate;
  }
  return null;
}
