import { TapbenchError } from '../../record/error.ts';
import type { Tree, TreeNode } from './tree.ts';

// The "newc" format: cpio(5), and Documentation/driver-api/early-userspace/buffer-format.rst of the kernel.
const magic = '070701';
const trailer = 'TRAILER!!!';
const alignment = 4;
/** cpio(1) fills its archives to whole blocks; readers expect it. */
const blockBytes = 512;

/** File types of inode(7). */
const fileTypes = { directory: 0o040000, file: 0o100000, symlink: 0o120000, 'character-device': 0o020000 } as const;

interface Entry {
  readonly path: string;
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly content: Uint8Array;
  readonly major: number;
  readonly minor: number;
}

function padding(length: number, unit: number): Buffer {
  return Buffer.alloc((unit - (length % unit)) % unit);
}

function header(entry: Entry): Buffer {
  const name = Buffer.from(`${entry.path}\0`, 'utf8');
  // inode, mode, uid, gid, links, mtime, size, device (major, minor), its own device (major, minor), name size, checksum.
  const { inode, mode, links, content, major, minor } = entry;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length, 0];
  const text = Buffer.from(magic + fields.map((field) => field.toString(16).padStart(8, '0')).join(''), 'latin1');
  const whole = Buffer.concat([text, name]);
  return Buffer.concat([whole, padding(whole.length, alignment)]);
}

function entryOf(path: string, node: TreeNode, inode: number): Entry {
  const plain = { path, inode, links: 1, content: Buffer.alloc(0), major: 0, minor: 0 };
  const type = fileTypes[node.kind];
  switch (node.kind) {
    case 'directory':
      return { ...plain, mode: type | node.mode, links: 2 };
    case 'file':
      return { ...plain, mode: type | node.mode, content: node.content };
    case 'symlink':
      return { ...plain, mode: type | 0o777, content: Buffer.from(node.target, 'utf8') };
    case 'character-device':
      return { ...plain, mode: type | node.mode, major: node.major, minor: node.minor };
  }
}

/** The kernel makes no missing folders: what lies in one would be lost silently. */
function demandFolders(tree: Tree): void {
  for (const path of tree.keys()) {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(slash, 0));
    if (path === '' || slash === 0 || path.endsWith('/'))
      throw new TapbenchError('IMAGE_FAILED', `not a path in a tree: "${path}"`);
    if (slash > 0 && tree.get(folder)?.kind !== 'directory') {
      throw new TapbenchError('IMAGE_FAILED', `${path}: its folder is not in the tree`);
    }
  }
}

/**
 * The bytes of a tree as an initramfs: the same tree always gives the same bytes (sorted by path, all times 0, owned by root, inodes numbered in order).
 * @throws TapbenchError `IMAGE_FAILED` when a folder is missing in the tree
 */
export function cpioOf(tree: Tree): Buffer {
  demandFolders(tree);
  const paths = [...tree].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const chunks: Uint8Array[] = [];
  paths.forEach(([path, node], index) => {
    const entry = entryOf(path, node, index + 1);
    chunks.push(header(entry), entry.content, padding(entry.content.length, alignment));
  });
  chunks.push(header({ path: trailer, inode: 0, mode: 0, links: 1, content: Buffer.alloc(0), major: 0, minor: 0 }));
  const archive = Buffer.concat(chunks);
  return Buffer.concat([archive, padding(archive.length, blockBytes)]);
}
