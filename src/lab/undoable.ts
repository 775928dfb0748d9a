import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { LedgerEntry } from './ledger.ts';
import { processName, processUser } from './process-identity.ts';
import { isOwnUserId } from './user-id.ts';

/** A folder in which runs make folders, with what the names of these begin with. */
export interface FolderPlace {
  readonly folder: string;
  readonly prefix: string;
}

/** All that a run may make or change. Nothing else is undone, whatever a ledger says. */
export interface Undoable {
  readonly folders: readonly FolderPlace[];
  /** Whether runs set this file of the kernel. */
  readonly isSetting: (path: string) => boolean;
  /** Names of processes of others that runs stop. */
  readonly pausable: readonly string[];
}

/** As the lab names them: `tapbench-PID-NAME`. */
const namespaceName = /^tapbench-\d+-[^/\s]+$/;

/** null for a folder that is not there. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** By what its parent really is: a link that stands for it is none of ours. */
function isRunFolder(path: string, { folder, prefix }: FolderPlace): boolean {
  const parent = realPath(dirname(path));
  const name = basename(path);
  return parent !== null && parent === realPath(folder) && name !== '..' && name.startsWith(prefix);
}

/** Why a thing that a ledger names is none that a run makes; null where it may be undone. */
export function undoRefusal(entry: LedgerEntry, { folders, isSetting, pausable }: Undoable): string | null {
  switch (entry.kind) {
    case 'namespace':
      return namespaceName.test(entry.name) ? null : 'no run gives that name';
    case 'folder': {
      const isOurs = realPath(dirname(entry.path)) === null || folders.some((place) => isRunFolder(entry.path, place));
      return isOurs ? null : `no run makes folders there (but in ${folders.map(({ folder }) => folder).join(', ')})`;
    }
    case 'setting':
      return isSetting(entry.path) ? null : 'no run sets that file';
    case 'process': {
      const user = processUser(entry.pid);
      return user === null || user === process.getuid?.() || user === entry.userId
        ? null
        : `it belongs to user ${String(user)}`;
    }
    case 'user':
      return isOwnUserId(entry.userId) ? null : 'no run makes that user';
    case 'stopped-process': {
      const name = processName(entry.pid);
      return name === null || pausable.includes(name) ? null : `no run stops ${name}`;
    }
  }
}
