import { linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TapbenchError } from '../record/error.ts';
import { readOwnFile, writeNewFile } from './own-file.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { inFolder, leaveRuntimeFolder } from './runtime-folder.ts';

const holderSchema = z.strictObject({ pid: z.int(), startTime: z.string(), command: z.string() });
type Holder = z.infer<typeof holderSchema>;

function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readOwnFile(file) ?? ''));
  } catch {
    return null;
  }
}

function tryTake(file: string, own: Holder): boolean {
  const draft = `${file}.${String(own.pid)}`;
  // One that a dead process of our pid left; a link of this name goes, not what it names.
  rmSync(draft, { force: true });
  writeNewFile(draft, JSON.stringify(own));
  try {
    // link(2) fails if the name exists: whoever links first has the lock, with its content already whole.
    linkSync(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes away the lock of a dead holder. Renamed first, so that of two processes that see the same corpse only one removes it. */
function bury(file: string, corpse: Holder | null): void {
  const grave = `${file}.dead.${String(process.pid)}`;
  try {
    renameSync(file, grave);
  } catch {
    return;
  }
  const moved = readHolder(grave);
  // Somebody took the lock between our look and our rename: give it back.
  if (moved !== null && moved.pid !== corpse?.pid && isAlive(moved)) renameSync(grave, file);
  else rmSync(grave, { force: true });
}

/** Takes away the lock where its holder is dead; whether there was one. */
export function removeDeadLock(runtimeFolder: string): boolean {
  const file = join(runtimeFolder, 'run.lock');
  const holder = readHolder(file);
  if (holder === null || isAlive(holder)) return false;
  bury(file, holder);
  return true;
}

/**
 * A measuring machine measures one thing at a time: holds the machine until disposed. The runtime folder goes with it where nothing else is in it.
 * @throws TapbenchError `HOST_BUSY` with the holder's pid
 */
export function takeRunLock(runtimeFolder: string, command: string): Disposable {
  const file = join(runtimeFolder, 'run.lock');
  const own = { ...ownIdentity(), command };
  for (let tries = 0; tries < 5; tries++) {
    if (inFolder(runtimeFolder, () => tryTake(file, own))) {
      return {
        [Symbol.dispose]: () => {
          if (readHolder(file)?.pid === own.pid) rmSync(file, { force: true });
          leaveRuntimeFolder(runtimeFolder);
        },
      };
    }
    const holder = readHolder(file);
    if (holder !== null && isAlive(holder)) {
      throw new TapbenchError(
        'HOST_BUSY',
        `process ${String(holder.pid)} is measuring on this machine: ${holder.command}`,
        {
          hint: `wait until it ends, or end it with: kill -INT ${String(holder.pid)}`,
        },
      );
    }
    bury(file, holder);
  }
  throw new TapbenchError('HOST_BUSY', `the lock ${file} can't be taken`);
}
