import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity } from '../../lab/process-identity.ts';
import { cacheFolderMode } from './durable-file.ts';

/** `.building-PID-STARTTIME-RANDOM`: the name says whose it is, so that one left by a dead process is known as such. */
const namePattern = /^\.building-(\d+)-(\d+)-[0-9a-f]+$/;

/** A program that a killed build had started may write a moment longer: a folder that fills again is tried again. */
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 };

/** A folder of one build, on the file system of what is built, removed when it is disposed of. */
export class BuildFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(parent: string): Promise<BuildFolder> {
    const { pid, startTime } = ownIdentity();
    const path = join(parent, `.building-${pid}-${startTime}-${randomBytes(4).toString('hex')}`);
    await mkdir(path, { recursive: true, mode: cacheFolderMode });
    return new BuildFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, removal);
  }
}

/** Removes what killed builds left; a live build's folder is left alone. Gives the names of the removed ones. */
export async function removeStaleBuildFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const stale = names.filter((name) => {
    const [, pid, startTime] = namePattern.exec(name) ?? [];
    return pid !== undefined && startTime !== undefined && !isAlive({ pid: Number(pid), startTime });
  });
  await Promise.all(stale.map((name) => rm(join(parent, name), removal)));
  return stale;
}
