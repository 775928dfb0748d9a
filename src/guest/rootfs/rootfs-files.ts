import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands at a path, without following it. */
export type RootfsEntry =
  | { readonly kind: 'file' | 'folder' | 'other'; readonly mode: number }
  | { readonly kind: 'link'; readonly mode: number; readonly target: string };

/** What a path leads to. */
export interface FoundEntry {
  /** In the root file system, without any link; empty: its root. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly mode: number;
}

/** A root file system as it can be looked into on the host. Paths begin with a slash, and have no link in them but the last name. */
export interface RootfsFiles {
  /** null: there is nothing. */
  look(path: string): Promise<RootfsEntry | null>;
  /** Of a plain file; empty for one of more than `mostBytes`. @throws what the file system throws */
  read(path: string, mostBytes: number): Promise<Buffer>;
}

/** Those of a folder. */
export function folderFiles(folder: string): RootfsFiles {
  return {
    look: async (path) => {
      const place = join(folder, path);
      const stats = await lstat(place).catch(() => null);
      if (stats === null) return null;
      const { mode } = stats;
      if (stats.isSymbolicLink()) return { kind: 'link', mode, target: await readlink(place) };
      if (stats.isDirectory()) return { kind: 'folder', mode };
      return { kind: stats.isFile() ? 'file' : 'other', mode };
    },
    read: async (path, mostBytes) => {
      const place = join(folder, path);
      return (await lstat(place)).size > mostBytes ? Buffer.alloc(0) : await readFile(place);
    },
  };
}
