/**
 * Every check that needs no root and no VM, side by side: `npm run check`. Says one line a check and all that the failed
 * ones printed; exits 1 if any failed. `npm run check -- eslint tsc` runs those only.
 */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../src/lab/process.ts';

const root = dirname(import.meta.dirname);
const deadlineMs = 600_000;
const nanosecondsPerSecond = 1e9;

/** The longest first, so that the short ones fill the gaps. */
const checks: readonly { readonly name: string; readonly script: string; readonly arguments: readonly string[] }[] = [
  { name: 'eslint', script: 'eslint/bin/eslint.js', arguments: ['.', '--max-warnings', '0'] },
  { name: 'unit tests', script: 'vitest/vitest.mjs', arguments: ['run', '--project', 'unit'] },
  { name: 'tsc', script: 'typescript/bin/tsc', arguments: ['--noEmit'] },
  {
    name: 'arrows',
    script: 'dependency-cruiser/bin/dependency-cruise.mjs',
    arguments: ['--config', '.dependency-cruiser.json', 'src'],
  },
  { name: 'knip', script: 'knip/bin/knip.js', arguments: ['--no-config-hints', '--no-progress'] },
  { name: 'biome', script: '@biomejs/biome/bin/biome', arguments: ['ci', '--colors=off', '.'] },
];

async function passes(check: (typeof checks)[number]): Promise<boolean> {
  const argv = [process.execPath, join(root, 'node_modules', check.script), ...check.arguments];
  // Vitest takes every CPU, and the other checks want theirs.
  const env = { NO_COLOR: '1', VITEST_MAX_WORKERS: '1' };
  const result = await run(argv, { cwd: root, deadlineMs, acceptsFailure: true, env });
  const isGood = result.exitStatus === 0;
  const seconds = (result.durationNs / nanosecondsPerSecond).toFixed(1);
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  if (!isGood) console.log(`${result.stdout}${result.stderr}`);
  return isGood;
}

/** Runs the checks, as many at a time as there are CPUs. */
async function runAll(wanted: typeof checks): Promise<boolean> {
  const waiting = [...wanted];
  const results: boolean[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) results.push(await passes(check));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results.every(Boolean);
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) throw new Error(`no such check: ${unknown.join(', ')}`);
const isGood = await runAll(names.length === 0 ? checks : checks.filter((check) => names.includes(check.name)));
process.exitCode = isGood ? 0 : 1;
