import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeOwnFolder } from '../lab/own-folder.ts';
import { cacheUse } from './folders.ts';
import { longestVersion } from './program-version.ts';

/** What is known of a program's file as long as its identity holds. */
const known = z.strictObject({
  /** Size, inode and times of the file, and what it was asked with. */
  identity: z.string(),
  version: z.string().max(longestVersion),
  sha256: z.string(),
  package: z.string().nullable(),
});
export type KnownProgram = z.infer<typeof known>;

const cacheFile = z.strictObject({ schemaVersion: z.literal(1), programs: z.record(z.string(), known) });

const fileName = 'program-facts.json';

/** By path. An unreadable cache is an empty one. */
export async function readProgramCache(folder: string): Promise<Record<string, KnownProgram>> {
  try {
    return cacheFile.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8'))).programs;
  } catch {
    return {};
  }
}

/** Without the programs that are gone: it is read whole at each start. Never fails: a cache that can't be written costs the next start its time, and nothing else. */
export async function writeProgramCache(
  folder: string,
  programs: Readonly<Record<string, KnownProgram>>,
): Promise<void> {
  const draft = join(folder, `${fileName}.${String(process.pid)}`);
  try {
    makeOwnFolder(folder, cacheUse);
    await rm(draft, { force: true });
    // Over no file and through no link.
    const there = Object.fromEntries(Object.entries(programs).filter(([path]) => existsSync(path)));
    await writeFile(draft, JSON.stringify({ schemaVersion: 1, programs: there }), { flag: 'wx', mode: 0o600 });
    await rename(draft, join(folder, fileName));
  } catch {
    // See above.
  }
}
