import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProcessResult, run } from '../../src/lab/process.ts';

const repository = dirname(dirname(import.meta.dirname));
const deadlineMs = 300_000;
/** What a build needs of a checkout, and what the built package needs beside `dist/`. */
const sources = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'scripts', 'experiments'];
const example = 'run-and-read.ts';
const runId = '20250101T120000Z-vm-to-host-ab12';

describe('the example of docs/api.md', () => {
  let folder = '';
  let consumer = '';

  /** Runs a program with the pinned Node in the consumer's folder. */
  const node = (...argv: string[]): Promise<ProcessResult> =>
    run([process.execPath, ...argv], {
      deadlineMs,
      cwd: consumer,
      acceptsFailure: true,
      env: { TAPBENCH_STORE: join(folder, 'store'), NO_COLOR: '1' },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-example-'));
    // A copy, so that the checkout's own dist/ stays as it is while others may use it.
    const built = join(folder, 'built');
    for (const name of sources) await cp(join(repository, name), join(built, name), { recursive: true });
    await symlink(join(repository, 'node_modules'), join(built, 'node_modules'));
    await run([process.execPath, join(built, 'scripts/build.ts')], { deadlineMs, cwd: built });
    consumer = join(folder, 'consumer');
    await mkdir(join(consumer, 'node_modules/@types'), { recursive: true });
    await symlink(built, join(consumer, 'node_modules/tapbench'));
    for (const name of ['@types/node', 'undici-types']) {
      await symlink(join(repository, 'node_modules', name), join(consumer, 'node_modules', name));
    }
    await writeFile(join(consumer, 'package.json'), '{"type":"module"}');
    await cp(join(repository, 'docs/examples', example), join(consumer, example));
    await cp(join(repository, 'test/golden/one-boot/stored'), join(folder, 'store', runId), { recursive: true });
  }, 2 * deadlineMs);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('compiles strictly against the declarations of the built package', async () => {
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    const lib = ['--lib', 'es2025,esnext.disposable'];
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    expect(await node(tsc, ...options, ...lib, example)).toMatchObject({ exitStatus: 0, stdout: '' });
  });

  it.each(['latest', runId.slice(0, 10)])('reads the stored run that %j means', async (wanted) => {
    const lines = [
      `${runId}: done`,
      'boot 1, iperf3: 16.40 Gbit/s, 87519 system calls a gigabyte',
      'boot 1, sockperf: 141.8 us a round trip, 5.00 system calls',
    ];
    expect(await node(example, wanted)).toMatchObject({ exitStatus: 0, stderr: '', stdout: `${lines.join('\n')}\n` });
  });

  it('gives the exit status of the error where there is no such run', async () => {
    const result = await node(example, 'nothing-like-it');
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toContain('no such run');
  });
});
