import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { TapbenchError } from '../record/error.ts';
import { errnoOf, storeFailed } from './store-error.ts';

/** Where an output goes: through links to the file that is there. A device or a folder must not be replaced by a file. */
async function targetOf(output: string): Promise<string> {
  const target = await realpath(output).catch((cause: unknown) => {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw cause;
  });
  if (target === null) return output;
  if ((await stat(target)).isFile()) return target;
  throw new TapbenchError('USAGE', `${output} is there and is no plain file`);
}

/**
 * Writes a file that a user asked for: whole, or not at all. One that is there is replaced.
 * @param write makes the file under the name it is given, and flushes it to disk
 * @throws TapbenchError `USAGE` where something other than a file is there, `STORE_FAILED`, and what `write` throws of its own
 */
export async function writeOutputFile(output: string, write: (draft: string) => Promise<void>): Promise<void> {
  const drafts: string[] = [];
  try {
    const target = await targetOf(output);
    const draft = `${target}.${randomBytes(4).toString('hex')}.tmp`;
    drafts.push(draft);
    await write(draft);
    await rename(draft, target);
  } catch (cause) {
    for (const draft of drafts) await rm(draft, { force: true });
    throw errnoOf(cause) === null ? cause : storeFailed(`${output} can't be written`, cause);
  }
}
