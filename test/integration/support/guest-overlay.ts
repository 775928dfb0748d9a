import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cpioOf } from '../../../src/guest/image/cpio.ts';
import type { TreeNode } from '../../../src/guest/image/tree.ts';
import { guestImage } from '../../../src/preflight/image.ts';

/**
 * The image's initramfs with these executables over its own: the kernel takes archives one after another, and the last one wins
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Gives its path.
 */
export async function overlaidInitrd(folder: string, scripts: Readonly<Record<string, string>>): Promise<string> {
  const tree = new Map<string, TreeNode>();
  for (const [path, script] of Object.entries(scripts)) {
    if (path.includes('/')) tree.set(dirname(path), { kind: 'directory', mode: 0o755 });
    tree.set(path, { kind: 'file', mode: 0o755, content: Buffer.from(`#!/bin/sh\n${script}\n`) });
  }
  const image = await guestImage(() => undefined);
  const to = join(folder, 'overlaid.cpio');
  await writeFile(to, Buffer.concat([await readFile(image.initramfs), cpioOf(tree)]));
  return to;
}
