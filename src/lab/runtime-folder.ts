import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderUse, makeOwnFolder } from './own-folder.ts';

/** What its ledgers say is undone, by whoever runs next. */
export const runtimeUse: FolderUse = {
  kind: 'private',
  mode: 0o700,
  instead: 'set TAPBENCH_RUNTIME_DIR to a folder of your own (an absolute path)',
};

/** Another process may take the empty folder away between our making it and our first file in it. */
const tries = 10;

function isGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** Makes a folder, for this user alone, and something in it. @throws TapbenchError `FOLDER_UNSAFE` where it is another's, and what `make` throws */
export function inFolder<T>(folder: string, make: () => T): T {
  for (let left = tries; ; left--) {
    try {
      makeOwnFolder(folder, runtimeUse);
      return make();
    } catch (cause) {
      if (!isGone(cause) || left === 1) throw cause;
    }
  }
}

/** Where the ledgers of a runtime folder are. */
export function ledgerFolder(runtimeFolder: string): string {
  return join(runtimeFolder, 'ledger');
}

/** Takes away the runtime folder where nothing is left in it. Whoever needs it makes it again. */
export function leaveRuntimeFolder(runtimeFolder: string): void {
  for (const folder of [ledgerFolder(runtimeFolder), runtimeFolder]) {
    try {
      rmdirSync(folder);
    } catch {
      // Something is in it, or it is gone.
    }
  }
}
