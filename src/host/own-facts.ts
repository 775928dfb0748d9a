import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { HostFacts } from '../record/host.ts';
import { type MachineFiles, machineFiles } from './machine-files.ts';

const packageFile = z.object({ version: z.string() });

/** The nearest folder upwards that has a package.json: the same from `src/` and from `dist/src/`. */
export function packageFolder(start: string = import.meta.dirname): string {
  if (existsSync(join(start, 'package.json'))) return start;
  const parent = dirname(start);
  return parent === start ? start : packageFolder(parent);
}

/** The git folder, also of a linked worktree, where `.git` is a file that says `gitdir: PATH`. */
function gitFolder(files: MachineFiles, root: string): string {
  const link = /^gitdir: (.+)$/.exec(files.text(join(root, '.git')) ?? '')?.[1];
  return link === undefined ? join(root, '.git') : resolve(root, link);
}

/** The commit that is checked out, read as git itself does (gitrepository-layout(5)); null where it is no checkout. */
export function checkedOutCommit(root: string): string | null {
  const files = machineFiles();
  const folder = gitFolder(files, root);
  const head = files.text(join(folder, 'HEAD'));
  const reference = /^ref: (.+)$/.exec(head ?? '')?.[1];
  if (reference === undefined) return head;
  const shared = resolve(folder, files.text(join(folder, 'commondir')) ?? '.');
  const packed = (files.text(join(shared, 'packed-refs')) ?? '')
    .split('\n')
    .find((line) => line.endsWith(` ${reference}`));
  return files.text(join(folder, reference)) ?? files.text(join(shared, reference)) ?? packed?.split(' ')[0] ?? null;
}

/** Which tapbench this is and what runs it. */
export function ownFacts(root: string = packageFolder()): HostFacts['tapbench'] {
  const text = machineFiles().text(join(root, 'package.json')) ?? '{}';
  const parsed = packageFile.safeParse(JSON.parse(text));
  return {
    version: parsed.success ? parsed.data.version : 'unknown',
    node: process.versions.node,
    commit: checkedOutCommit(root),
  };
}
