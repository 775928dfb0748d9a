import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../experiment/built-in.ts';

function packageVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

/** tapbench's own version. */
export const version: string = packageVersion();
