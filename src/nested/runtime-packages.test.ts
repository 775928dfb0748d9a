import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runtimePackages } from './runtime-packages.ts';

const root = mkdtempSync(join(tmpdir(), 'tapbench-packages-'));
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function writePackage(path: string, content: Record<string, unknown>): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, 'package.json'), JSON.stringify(content));
}

describe('the packages that are needed to run', () => {
  it('are the dependencies and theirs, each as Node would find it, and none for development', async () => {
    writePackage('.', { dependencies: { a: '1' }, devDependencies: { tool: '1' } });
    writePackage('node_modules/tool', {});
    writePackage('node_modules/a', { dependencies: { b: '1', '@scope/c': '1' } });
    writePackage('node_modules/b', { dependencies: { a: '1' } });
    writePackage('node_modules/a/node_modules/b', { optionalDependencies: { absent: '1' } });
    writePackage('node_modules/@scope/c', {});
    const found = await runtimePackages(root);
    expect(found.map((folder) => relative(root, folder))).toEqual([
      'node_modules/@scope/c',
      'node_modules/a',
      'node_modules/a/node_modules/b',
    ]);
  });
});
