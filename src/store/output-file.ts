import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { trustedOwners } from '../lab/folder-owners.ts';
import { throughOwnLinks } from '../lab/own-folder.ts';
import { TapbenchError } from '../record/error.ts';
import { handleOnly, nameOf, withPath } from './plain-file.ts';
import { errnoOf } from './store-error.ts';

/** The file that an output replaces. */
interface Target {
  readonly path: string;
  /** null: it gets the usual one. */
  readonly mode: number | null;
}

/**
 * Where an output goes: through links of ours to the file that is there. A device, a pipe or a folder must not be replaced by a file. The mode of a file is
 * kept where it is ours: another's may let everybody write.
 */
async function targetOf(output: string): Promise<Target> {
  const there = await stat(output).catch((cause: unknown) => {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw cause;
  });
  const { path, stats } = throughOwnLinks(output);
  if (there === null && stats === null) {
    if (output.endsWith('/')) throw new TapbenchError('USAGE', `${output} is the name of a folder`);
    return { path, mode: null };
  }
  // A link in /proc leads to pipes that have no path: only the kernel finds these.
  if (there?.isFile() === true && stats?.isFile() === true)
    return { path, mode: trustedOwners().has(stats.uid) ? stats.mode & 0o777 : null };
  throw new TapbenchError('USAGE', `${output} is there and is no plain file`);
}

/** Not by the name: in a folder of several users it may be another's by now. */
async function setMode(draft: string, mode: number): Promise<void> {
  await using handle = await open(draft, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  await handle.chmod(mode);
}

/** A folder that is held open: what is made in it by this name stays in it, whoever exchanges its path. */
interface HeldFolder extends AsyncDisposable {
  readonly name: string;
}

/** @param folder without links, as it was when it was looked at */
async function heldFolder(folder: string): Promise<HeldFolder> {
  const handle = await open(folder, handleOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const name = nameOf(handle.fd);
  const close = async (): Promise<void> => {
    await handle.close();
  };
  if ((await readlink(name)) === folder) return { name, [Symbol.asyncDispose]: close };
  await close();
  throw new TapbenchError('FOLDER_UNSAFE', `${folder} was exchanged meanwhile: what is written would go elsewhere`, {
    hint: 'name a file in a folder of your own',
  });
}

function outputFailed(output: string, cause: unknown): unknown {
  if (errnoOf(cause) === null || !(cause instanceof Error) || cause instanceof TapbenchError) return cause;
  return new TapbenchError('OUTPUT_FAILED', `${output} can't be written: ${cause.message}`, { cause });
}

/** How a file that a user asked for is made. */
export interface OutputWriter {
  /** Makes the file under the name it is given, and flushes it to disk. */
  readonly write: (draft: string) => Promise<void>;
  /** Ends it and leaves nothing. */
  readonly signal: AbortSignal;
}

/**
 * Writes a file that a user asked for: whole, or not at all. One that is there is replaced.
 * @throws TapbenchError `USAGE` where something other than a file is there, `FOLDER_UNSAFE` where another's link leads to it, `OUTPUT_FAILED`; the signal's reason, and what `write` throws of its own
 */
export async function writeOutputFile(output: string, { write, signal }: OutputWriter): Promise<void> {
  try {
    const target = await targetOf(output);
    await using folder = await heldFolder(dirname(target.path));
    const path = join(folder.name, basename(target.path));
    const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      await write(draft);
      if (target.mode !== null) await setMode(draft, target.mode);
      signal.throwIfAborted();
      await rename(draft, path);
    } catch (cause) {
      await rm(draft, { force: true });
      throw withPath(cause, folder.name, dirname(target.path));
    }
  } catch (cause) {
    // What was aborted says so in words of its own.
    signal.throwIfAborted();
    throw outputFailed(output, cause);
  }
}

/** The same for a text. */
export async function writeOutputText(output: string, text: string, signal: AbortSignal): Promise<void> {
  const write = async (draft: string): Promise<void> => {
    await using handle = await open(draft, 'wx');
    await handle.writeFile(text);
    await handle.sync();
  };
  await writeOutputFile(output, { write, signal });
}
