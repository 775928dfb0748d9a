import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from '../../lab/executable.ts';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import type { RootfsEntry, RootfsFiles } from './rootfs-files.ts';

const deadlineMs = 60_000;
/** debugfs takes its requests as words of a line: other names are not looked for. */
const plainPath = /^\/[\w./@:+-]+$/;

const kinds: Readonly<Record<string, 'file' | 'folder'>> = { regular: 'file', directory: 'folder' };

/** debugfs, which reads and writes an ext4 image without mounting it. @throws TapbenchError `HOST_INCAPABLE` without it */
export async function demandDebugfs(): Promise<string> {
  const program = await findExecutable('debugfs');
  if (program !== null) return program;
  throw new TapbenchError('HOST_INCAPABLE', 'debugfs is not installed: it looks into an image of ext4', {
    hint: 'apt-get install e2fsprogs',
  });
}

/** Reads what `stat` of debugfs (e2fsprogs 1.47) prints: `Type: symlink    Mode:  0777`, `Fast link dest: "usr/bin"`. null: there is nothing. */
export function parseDebugfsStat(text: string): RootfsEntry | null {
  const [, type = '', octal = ''] = /\bType: ([\w ]+?) +Mode: +([0-7]+)/.exec(text) ?? [];
  if (type === '') return null;
  const mode = Number.parseInt(octal, 8);
  const target = /^Fast link dest: "(.*)"$/m.exec(text)?.[1];
  if (type === 'symlink') return target === undefined ? { kind: 'other', mode } : { kind: 'link', mode, target };
  return { kind: kinds[type] ?? 'other', mode };
}

/** Those of an image of ext4. */
export function imageFiles(debugfs: string, image: string): RootfsFiles {
  const ask = async (request: string) =>
    (await run([debugfs, '-R', request, image], { deadlineMs, env: { LC_ALL: 'C', DEBUGFS_PAGER: '__none__' } }))
      .stdout;
  return {
    look: async (path) => (plainPath.test(path) ? parseDebugfsStat(await ask(`stat ${path}`)) : null),
    read: async (path, mostBytes) => {
      const size = Number(/\bSize: (\d+)/.exec(await ask(`stat ${path}`))?.[1] ?? Number.NaN);
      if (!(size <= mostBytes)) return Buffer.alloc(0);
      const folder = await mkdtemp(join(tmpdir(), 'tapbench-'));
      try {
        await ask(`dump ${path} ${join(folder, 'file')}`);
        return await readFile(join(folder, 'file'));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}
