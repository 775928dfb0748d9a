/** One thing in an initramfs. `mode`: permission bits only. */
export type TreeNode =
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'file'; readonly mode: number; readonly content: Uint8Array }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'character-device'; readonly mode: number; readonly major: number; readonly minor: number };

/** What is in an initramfs, by path from its root without a leading slash. Folders are said like everything else. */
export type Tree = ReadonlyMap<string, TreeNode>;

/** Adds the folders that the paths of a tree need and that it does not say itself, with mode 755. */
export function withFolders(nodes: Tree): Tree {
  const whole = new Map<string, TreeNode>();
  for (const [path, node] of nodes) {
    const steps = path.split('/').slice(0, -1);
    steps.forEach((_, index) => {
      const folder = steps.slice(0, index + 1).join('/');
      if (!nodes.has(folder)) whole.set(folder, { kind: 'directory', mode: 0o755 });
    });
    whole.set(path, node);
  }
  return whole;
}
