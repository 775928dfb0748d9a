import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpioEntries } from '../../../test/sample/cpio-entries.ts';
import { cpioOf } from './cpio.ts';
import { type Tree, type TreeNode, withFolders } from './tree.ts';

const file = (text: string, mode = 0o644): TreeNode => ({ kind: 'file', mode, content: Buffer.from(text) });
const tree: Tree = new Map<string, TreeNode>([
  ['init', file('#!/bin/sh\n', 0o755)],
  ['dev', { kind: 'directory', mode: 0o755 }],
  ['dev/null', { kind: 'character-device', mode: 0o666, major: 1, minor: 3 }],
  ['sh', { kind: 'symlink', target: 'busybox' }],
]);

const paths = fc
  .array(fc.stringMatching(/^[a-z0-9.-]{1,9}$/), { minLength: 1, maxLength: 4 })
  .map((steps) => steps.join('/'));
const trees = fc
  .dictionary(paths, fc.string({ maxLength: 20 }))
  .map((files) => Object.entries(files))
  .map((files) => files.filter(([path]) => !files.some(([other]) => other.startsWith(`${path}/`))))
  .map((files) => withFolders(new Map(files.map(([path, text]) => [path, file(text)]))));

describe('cpioOf', () => {
  it('writes the header fields of each kind as cpio(5) says', () => {
    expect(cpioEntries(cpioOf(tree))).toEqual([
      { path: 'dev', fields: [1, 0o040755, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0], content: '' },
      { path: 'dev/null', fields: [2, 0o020666, 0, 0, 1, 0, 0, 0, 0, 1, 3, 9, 0], content: '' },
      { path: 'init', fields: [3, 0o100755, 0, 0, 1, 0, 10, 0, 0, 0, 0, 5, 0], content: '#!/bin/sh\n' },
      { path: 'sh', fields: [4, 0o120777, 0, 0, 1, 0, 7, 0, 0, 0, 0, 3, 0], content: 'busybox' },
    ]);
  });

  it('gives every file back, whatever the lengths of names and contents', () => {
    fc.assert(
      fc.property(trees, (sample) => {
        const archive = cpioOf(sample);
        expect(archive.length % 512).toBe(0);
        const files = cpioEntries(archive).filter(({ fields }) => ((fields[1] ?? 0) & 0o170000) === 0o100000);
        const expected = [...sample].flatMap(([path, node]) =>
          node.kind === 'file' ? [[path, Buffer.from(node.content).toString()]] : [],
        );
        expect(new Map(files.map(({ path, content }) => [path, content]))).toEqual(
          new Map(expected as [string, string][]),
        );
      }),
    );
  });

  it('gives the same bytes whatever order the tree was made in', () => {
    fc.assert(
      fc.property(trees, (sample) => {
        expect(cpioOf(new Map([...sample].reverse())).equals(cpioOf(sample))).toBe(true);
      }),
    );
  });

  it('says a folder before what is in it', () => {
    fc.assert(
      fc.property(trees, (sample) => {
        const order = cpioEntries(cpioOf(sample)).map(({ path }) => path);
        for (const path of order.filter((candidate) => candidate.includes('/'))) {
          expect(order.indexOf(path.slice(0, path.lastIndexOf('/')))).toBeLessThan(order.indexOf(path));
          expect(order).toContain(path.slice(0, path.lastIndexOf('/')));
        }
      }),
    );
  });

  it.each(['bin/sh', '/bin', 'bin/', ''])('refuses the path "%s" in an otherwise empty tree', (path) => {
    expect(() => cpioOf(new Map([[path, file('')]]))).toThrow(/folder is not in the tree|not a path/);
  });
});
