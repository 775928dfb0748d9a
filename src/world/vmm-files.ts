import { chownSync, copyFileSync, linkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { madeCacheFolder, runtimeFolder } from '../host/folders.ts';
import type { Ledger } from '../lab/ledger.ts';
import { isReadByOthers } from '../lab/own-user.ts';
import { makeRunFolder, noteFolder } from '../lab/run-folder.ts';
import { inFolder } from '../lab/runtime-folder.ts';
import { copyUntrusted, truncateUntrusted } from '../lab/untrusted-file.ts';
import { makeRawFolder, writeRawFile } from '../store/raw-file.ts';
import type { VmmCommand } from '../vmm/driver.ts';

/** What the names of folders of one VMM begin with. */
export const vmFolderPrefix = 'vm-';

/** A folder for the sockets of one VMM. */
export function socketFolder(ledger: Ledger, made: AsyncDisposableStack): string {
  const parent = runtimeFolder();
  return made.use(inFolder(parent, () => makeRunFolder(ledger, parent, vmFolderPrefix))).path;
}

/** Where a VMM may make a root of its own: /run, where the sockets are, is often mounted without programs and devices. */
export function jailFolder(name: string, ledger: Ledger, made: AsyncDisposableStack): string {
  return made.use(noteFolder(ledger, join(madeCacheFolder('jails'), name))).path;
}

/** A hard link where both are on one file system and the owner may read it, else a copy of the owner's. */
function linkOrCopy(from: string, to: string, owner: number | undefined): void {
  makeRawFolder(dirname(to));
  // A link to a symbolic link would be one too.
  const file = realpathSync(from);
  try {
    if (owner !== undefined && !isReadByOthers(statSync(file))) throw new Error('not to be read by its owner');
    linkSync(file, to);
  } catch {
    copyFileSync(file, to);
    if (owner !== undefined) chownSync(to, owner, owner);
  }
}

/** Of each file that a VMM wrote and that is kept. */
const mostKeptBytes = 64 * 1024 ** 2;

/** Saves what the VMM wrote elsewhere. A file that it never made, or a full disk, fails no trial that has ended. */
function keepFiles(paths: readonly string[], folder: string): void {
  for (const path of paths) {
    try {
      copyUntrusted(path, join(folder, basename(path)), mostKeptBytes);
    } catch {
      // See above.
    }
  }
}

/** Cuts what a VMM wrote into the trial's folder, once it has ended: it may have been much more. */
export function shorten(files: readonly { readonly path: string }[]): void {
  for (const { path } of files) {
    try {
      truncateUntrusted(path, mostKeptBytes);
    } catch {
      // It never made the file, or put something else in its place.
    }
  }
}

/** Writes what the VMM reads; what it leaves is saved when it has ended, before its own folders are removed. */
export function layOut(command: VmmCommand, folder: string, made: AsyncDisposableStack): void {
  const { files, links, owner, kept = [] } = command;
  made.defer(() => {
    keepFiles(kept, folder);
  });
  for (const [path, text] of Object.entries(files)) {
    makeRawFolder(dirname(path));
    writeRawFile(path, text);
    if (owner !== undefined) chownSync(path, owner, owner);
  }
  for (const [path, from] of Object.entries(links)) linkOrCopy(from, path, owner);
}
