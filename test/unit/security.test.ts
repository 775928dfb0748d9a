import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const repository = dirname(dirname(import.meta.dirname));
const files = ['src', 'test'].flatMap((top) =>
  readdirSync(join(repository, top), { recursive: true }).map((path) => `${top}/${String(path)}`),
);

it('SECURITY.md names tests and files that are there', () => {
  const text = readFileSync(join(repository, 'SECURITY.md'), 'utf8');
  const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !files.some((file) => file === path || file.endsWith(`/${path}`)))).toEqual([]);
});
