import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { findExecutable } from '../lab/executable.ts';
import type { ProgramFacts } from '../record/host.ts';
import { packageOwner } from './package-owner.ts';
import { type KnownProgram, readProgramCache, writeProgramCache } from './program-cache.ts';
import { argumentsFor, programVersion, type VersionQuery } from './program-version.ts';

export interface ProgramSearch {
  /** Where versions and checksums are remembered. */
  readonly cacheFolder: string;
  /** In place of PATH. */
  readonly path?: string;
}

/** The sha256 of a file, as hex. @param signal ends it @throws the system's error */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, { signal });
  return hash.digest('hex');
}

/** Changes whenever the file does: a package manager writes a new file, and so a new inode. */
async function identityOf(path: string, query: VersionQuery): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ...argumentsFor(query), query.parser ?? ''].map(String).join(' ');
}

async function learn(path: string, query: VersionQuery, identity: string): Promise<KnownProgram> {
  const [version, sha256, owner] = await Promise.all([
    programVersion(path, query),
    fileSha256(path),
    realpath(path).then(packageOwner),
  ]);
  return { identity, version, sha256, package: owner };
}

/** Each program as found on this machine, null where it is absent; in the order of the queries. A query that is a string is a name. */
export async function findPrograms(
  queries: readonly (string | VersionQuery)[],
  search: ProgramSearch,
): Promise<(ProgramFacts | null)[]> {
  const cache = await readProgramCache(search.cacheFolder);
  const learned: Record<string, KnownProgram> = {};
  const found = await Promise.all(
    queries.map(async (entry) => {
      const query = typeof entry === 'string' ? { name: entry } : entry;
      const path = await findExecutable(query.name, search.path);
      if (path === null) return null;
      const identity = await identityOf(path, query);
      const remembered = cache[path];
      const known = remembered?.identity === identity ? remembered : await learn(path, query, identity);
      if (known !== remembered) learned[path] = known;
      return { name: query.name, path, version: known.version, sha256: known.sha256, package: known.package };
    }),
  );
  if (Object.keys(learned).length > 0) await writeProgramCache(search.cacheFolder, { ...cache, ...learned });
  return found;
}

/** One program; null where it is absent. Several are found quicker together: `findPrograms`. */
export async function findProgram(query: string | VersionQuery, search: ProgramSearch): Promise<ProgramFacts | null> {
  const [program] = await findPrograms([query], search);
  return program ?? null;
}
