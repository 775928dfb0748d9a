import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BuildFolder } from './build-folder.ts';
import { imagesFolder } from './image-cache.ts';
import { sha256Of } from './sha256.ts';

/** `files.json` of the cache: what the files of the host were when their sha256 was taken. */
const fileMemory = z.strictObject({
  /** By path: what a change of the file changes (size, times, inode), and the sha256. */
  files: z.record(z.string(), z.strictObject({ state: z.string(), sha256: z.string() })),
});
type Remembered = z.infer<typeof fileMemory>['files'];

function memoryFile(cacheFolder: string): string {
  return join(cacheFolder, 'files.json');
}

async function stateOf(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true });
  return [size, mtimeNs, ctimeNs, ino, dev].join(' ');
}

/** Remembers the sha256 of files, so that a run need not read 16 MB of tools to learn that nothing changed. Losing it costs time only. */
export class FileMemory {
  readonly #cacheFolder: string;
  readonly #files: Remembered;
  #isChanged = false;

  private constructor(cacheFolder: string, files: Remembered) {
    this.#cacheFolder = cacheFolder;
    this.#files = files;
  }

  /** A missing or damaged memory is an empty one. */
  static async load(cacheFolder: string): Promise<FileMemory> {
    const text = await readFile(memoryFile(cacheFolder), 'utf8').catch(() => '');
    try {
      return new FileMemory(cacheFolder, fileMemory.parse(JSON.parse(text)).files);
    } catch {
      return new FileMemory(cacheFolder, {});
    }
  }

  /** sha256 of a file: remembered where the file is as it was, else taken. */
  async sha256(path: string): Promise<string> {
    const state = await stateOf(path);
    const remembered = this.#files[path];
    if (remembered?.state === state) return remembered.sha256;
    const sha256 = sha256Of(await readFile(path));
    this.#files[path] = { state, sha256 };
    this.#isChanged = true;
    return sha256;
  }

  async save(): Promise<void> {
    if (!this.#isChanged) return;
    await using folder = await BuildFolder.create(imagesFolder(this.#cacheFolder));
    const temporary = join(folder.path, 'files.json');
    await writeFile(temporary, `${JSON.stringify({ files: this.#files })}\n`);
    await rename(temporary, memoryFile(this.#cacheFolder));
    this.#isChanged = false;
  }
}
