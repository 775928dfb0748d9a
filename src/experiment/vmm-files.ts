import { copyFileSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheFolder, runtimeFolder } from '../host/folders.ts';
import type { Ledger } from '../lab/ledger.ts';
import type { VmmCommand } from '../vmm/driver.ts';

/** A folder for the sockets of one VMM. */
export function socketFolder(ledger: Ledger, made: AsyncDisposableStack): string {
  mkdirSync(runtimeFolder(), { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(runtimeFolder(), 'vm-'));
  const settle = ledger.note({ kind: 'folder', path: folder });
  made.defer(() => {
    rmSync(folder, { recursive: true, force: true });
    settle();
  });
  return folder;
}

/** Where a VMM may make a root of its own: /run, where the sockets are, is often mounted without programs and devices. */
export function jailFolder(name: string, ledger: Ledger, made: AsyncDisposableStack): string {
  const folder = join(cacheFolder(), 'jails', name);
  const settle = ledger.note({ kind: 'folder', path: folder });
  made.defer(() => {
    rmSync(folder, { recursive: true, force: true });
    settle();
  });
  return folder;
}

/** A hard link where both are on one file system, else a copy. */
function linkOrCopy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  // A link to a symbolic link would be one too.
  const file = realpathSync(from);
  try {
    linkSync(file, to);
  } catch {
    copyFileSync(file, to);
  }
}

/** Saves what the VMM wrote elsewhere. A file that it never made, or a full disk, fails no trial that has ended. */
function keepFiles(paths: readonly string[], folder: string): void {
  for (const path of paths) {
    try {
      copyFileSync(path, join(folder, basename(path)));
    } catch {
      // See above.
    }
  }
}

/** Writes what the VMM reads; what it leaves is saved when it has ended, before its own folders are removed. */
export function layOut({ files, links, kept = [] }: VmmCommand, folder: string, made: AsyncDisposableStack): void {
  made.defer(() => {
    keepFiles(kept, folder);
  });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const [path, from] of Object.entries(links)) linkOrCopy(from, path);
}
