import { readFile } from 'node:fs/promises';
import { TapbenchError } from '../../record/error.ts';
import type { KernelModule } from './kernel-modules.ts';
import type { HostFile } from './manifest.ts';
import { sha256Of } from './sha256.ts';
import { rootfsScriptPath, toolRunners } from './tool-runner.ts';
import { type Tree, type TreeNode, withFolders } from './tree.ts';

/** A set of modules that is loaded together, in a folder of its own. */
export interface ModuleGroup {
  /** In the guest, without leading slash. */
  readonly folder: string;
  /** In the order of loading. */
  readonly modules: readonly KernelModule[];
}

export interface InitramfsParts {
  /** Text of /init. */
  readonly initScript: string;
  readonly moduleGroups: readonly ModuleGroup[];
  /** Path in the guest to contents. */
  readonly hostFiles: ReadonlyMap<string, Uint8Array>;
  /** Text of what mounts a root file system of the user's own; absent: there is none to mount. */
  readonly rootfsScript?: string | undefined;
}

/** Mount points and working folders; the guest runs from this file system. */
const folders: Tree = new Map<string, TreeNode>([
  ['dev', { kind: 'directory', mode: 0o755 }],
  ['etc', { kind: 'directory', mode: 0o755 }],
  ['proc', { kind: 'directory', mode: 0o555 }],
  ['root', { kind: 'directory', mode: 0o700 }],
  ['sys', { kind: 'directory', mode: 0o555 }],
  ['tmp', { kind: 'directory', mode: 0o1777 }],
]);

/** The kernel opens /dev/console before /init runs; numbers of Documentation/admin-guide/devices.txt. */
const devices: Tree = new Map<string, TreeNode>([
  ['dev/console', { kind: 'character-device', mode: 0o600, major: 5, minor: 1 }],
  ['dev/null', { kind: 'character-device', mode: 0o666, major: 1, minor: 3 }],
]);

/** Path in the guest of each module of a group, in the order of loading: their names sort in it. */
export function modulePaths(group: ModuleGroup): string[] {
  return group.modules.map(({ name }, index) => `${group.folder}/${String(index).padStart(2, '0')}-${name}.ko`);
}

function moduleFiles(group: ModuleGroup): [string, TreeNode][] {
  const paths = modulePaths(group);
  const order = paths.map((path) => `${path.slice(group.folder.length + 1)}\n`).join('');
  const files = group.modules.map(({ content }, index): [string, TreeNode] => {
    return [paths[index] ?? '', { kind: 'file', mode: 0o644, content }];
  });
  return [...files, [`${group.folder}/order`, { kind: 'file', mode: 0o644, content: Buffer.from(order) }]];
}

/** What an initramfs has more for a root file system of the user's own: the script, and what runs each of our tools in it. */
function rootfsFiles({ rootfsScript, hostFiles }: InitramfsParts): [string, TreeNode][] {
  if (rootfsScript === undefined) return [];
  const runners = [...toolRunners(hostFiles)].map(([path, text]): [string, TreeNode] => [
    path,
    { kind: 'file', mode: 0o755, content: Buffer.from(text) },
  ]);
  return [[rootfsScriptPath, { kind: 'file', mode: 0o644, content: Buffer.from(rootfsScript) }], ...runners];
}

/** What is in the initramfs of the guest. */
export function initramfsTree(parts: InitramfsParts): Tree {
  const files = [...parts.hostFiles].map(([path, content]): [string, TreeNode] => [
    path,
    { kind: 'file', mode: 0o755, content },
  ]);
  return withFolders(
    new Map<string, TreeNode>([
      ...folders,
      ...devices,
      // The one link that is needed: busybox-static finds its other applets by itself.
      ['bin/sh', { kind: 'symlink', target: 'busybox' }],
      ...files,
      ...parts.moduleGroups.flatMap(moduleFiles),
      ...rootfsFiles(parts),
      ['init', { kind: 'file', mode: 0o755, content: Buffer.from(parts.initScript) }],
    ]),
  );
}

/**
 * Reads files of the host, by their path in the guest.
 * @throws TapbenchError `IMAGE_FAILED` when one changed since its sha256 was taken
 */
export async function readHostFiles(files: readonly HostFile[]): Promise<Map<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  for (const { path, source, sha256 } of files) {
    const content = await readFile(source);
    if (sha256Of(content) !== sha256) {
      throw new TapbenchError('IMAGE_FAILED', `${source} changed while the image was being built`, {
        hint: 'tapbench image build',
      });
    }
    contents.set(path, content);
  }
  return contents;
}
