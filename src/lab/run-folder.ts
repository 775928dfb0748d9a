import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from './ledger.ts';

/** A folder of this run alone, gone when disposed of. */
export interface RunFolder extends Disposable {
  readonly path: string;
}

/** Has a folder that somebody else is about to make removed at the end. It is in the ledger from here on. */
export function noteFolder(ledger: Ledger, path: string): RunFolder {
  const settle = ledger.note({ kind: 'folder', path });
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
      settle();
    },
  };
}

/** Makes a folder, for this user alone, under a name that nobody else has. @param prefix of the name, which tells what it is for */
export function makeRunFolder(ledger: Ledger, parent: string, prefix: string): RunFolder {
  const folder = noteFolder(ledger, join(parent, `${prefix}${randomBytes(3).toString('hex')}`));
  mkdirSync(folder.path, { mode: 0o700 });
  return folder;
}
