import { randomBytes } from 'node:crypto';
import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { TapbenchError } from '../record/error.ts';
import { errnoOf } from './store-error.ts';

/** Where an output goes: through links to the file that is there. A device or a folder must not be replaced by a file. */
async function targetOf(output: string): Promise<{ path: string; mode: number | null }> {
  const target = await realpath(output).catch((cause: unknown) => {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw cause;
  });
  if (target === null) return { path: output, mode: null };
  const found = await stat(target);
  if (found.isFile()) return { path: target, mode: found.mode & 0o777 };
  throw new TapbenchError('USAGE', `${output} is there and is no plain file`);
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
 * @throws TapbenchError `USAGE` where something other than a file is there, `OUTPUT_FAILED`; the signal's reason, and what `write` throws of its own
 */
export async function writeOutputFile(output: string, { write, signal }: OutputWriter): Promise<void> {
  const drafts: string[] = [];
  try {
    const target = await targetOf(output);
    const draft = `${target.path}.${randomBytes(4).toString('hex')}.tmp`;
    drafts.push(draft);
    await write(draft);
    if (target.mode !== null) await chmod(draft, target.mode);
    signal.throwIfAborted();
    await rename(draft, target.path);
  } catch (cause) {
    for (const draft of drafts) await rm(draft, { force: true });
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
