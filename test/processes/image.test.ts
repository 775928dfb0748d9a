import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, buildImageOf } from '../../src/guest/image/build-image.ts';
import { ensureImage } from '../../src/guest/image/ensure-image.ts';
import { guestPrograms } from '../../src/guest/image/host-files.ts';
import { type GuestImage, imagesFolder, listImages } from '../../src/guest/image/image-cache.ts';
import { candidateKernel, packageFile } from '../../src/guest/image/kernel-package.ts';
import { type KernelPackage, partNames } from '../../src/guest/image/manifest.ts';
import { findProgram } from '../../src/guest/image/program-path.ts';
import { removeImage } from '../../src/guest/image/remove-image.ts';
import { sha256Of } from '../../src/guest/image/sha256.ts';
import { verifyImage } from '../../src/guest/image/verify-image.ts';
import { run, start } from '../../src/lab/process.ts';
import { cpioEntries } from '../sample/cpio-entries.ts';

/** What a guest of this machine is made of, and what asks for packages. */
const guestTools = ['setpriv', 'dpkg-query', ...guestPrograms()];

const minuteMs = 60_000;
const initScript = '#!/bin/sh\nexec sh\n';
const source = join(import.meta.dirname, '../../src/guest/image');

/** Why images can't be built here; null when they can. */
async function missingFact(): Promise<string | null> {
  return await candidateKernel().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

const missing = await missingFact();
const isRequired = (process.env['TAPBENCH_REQUIRE'] ?? '').split(',').includes('apt');

it.runIf(missing !== null)(`needs apt: ${missing ?? ''}`, (test) => {
  if (isRequired) throw new Error(`TAPBENCH_REQUIRE names apt, and ${missing ?? ''}`);
  test.skip(missing ?? '');
});

describe.skipIf(missing !== null)('guest image', () => {
  let folder = '';
  let first: GuestImage;
  const firstCache = () => join(folder, 'first');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench-image-'));
    first = await buildImage({ cacheFolder: firstCache(), initScript });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A cache with nothing but the downloaded kernel package: one download is enough for all tests. */
  async function cacheWithPackage(name: string): Promise<string> {
    const cache = join(folder, name);
    const { kernelPackage } = first.manifest.inputs;
    await mkdir(join(cache, 'packages'), { recursive: true });
    await link(packageFile(firstCache(), kernelPackage), packageFile(cache, kernelPackage));
    return cache;
  }

  /** The image of that kernel, without asking apt which is the newest. */
  function build(cacheFolder: string): Promise<GuestImage> {
    return buildImageOf(first.manifest.inputs.kernelPackage, { cacheFolder, initScript });
  }

  /** Calls `action` with a PATH that holds these programs alone. */
  async function withPrograms<T>(programs: readonly string[], action: () => Promise<T>): Promise<T> {
    const path = await mkdtemp(join(folder, 'path-'));
    for (const name of programs) await symlink((await findProgram(name)) ?? name, join(path, name));
    const before = process.env['PATH'];
    process.env['PATH'] = path;
    try {
      return await action();
    } finally {
      process.env['PATH'] = before;
    }
  }

  /** The command line of another process that builds, and prints its steps and then the id or the error. */
  function builder(cache: string): string[] {
    const program = `
      const { buildImageOf } = await import(${JSON.stringify(join(source, 'build-image.ts'))});
      const options = { cacheFolder: ${JSON.stringify(cache)}, initScript: ${JSON.stringify(initScript)}, onStep: console.log };
      await buildImageOf(${JSON.stringify(first.manifest.inputs.kernelPackage)}, options).then(({ id }) => console.log(id), ({ code, hint }) => console.log(code, hint));`;
    return [process.execPath, '--input-type=module', '--eval', program];
  }

  /** The kernel as Ubuntu packs it: modules apart. Both packages are in the cache. */
  async function splitKernel(cache: string): Promise<KernelPackage> {
    const { kernelPackage } = first.manifest.inputs;
    const [whole, apart] = [join(folder, 'split-kernel'), join(folder, 'split-modules')];
    await run(['dpkg-deb', '--raw-extract', packageFile(cache, kernelPackage), whole], { deadlineMs: minuteMs });
    await mkdir(apart);
    await rename(join(whole, 'lib'), join(apart, 'lib')).catch(() => rename(join(whole, 'usr'), join(apart, 'usr')));
    const repack = async (name: string, tree: string): Promise<KernelPackage> => {
      const control = `Package: ${name}\nVersion: 1\nArchitecture: amd64\nMaintainer: nobody\nDescription: test\n`;
      await rm(join(tree, 'DEBIAN'), { recursive: true, force: true });
      await mkdir(join(tree, 'DEBIAN'));
      await writeFile(join(tree, 'DEBIAN/control'), control);
      const file = join(folder, `${name}.deb`);
      await run(['dpkg-deb', '-Znone', '--build', tree, file], { deadlineMs: minuteMs });
      const made = { name, version: '1', sha256: sha256Of(await readFile(file)) };
      await rename(file, packageFile(cache, made));
      return made;
    };
    return { ...(await repack('linux-image-1', whole)), modules: await repack('linux-modules-1', apart) };
  }

  const unpackers = ['dpkg-deb', 'tar', 'xz'];

  describe('a build', () => {
    it('gives the same bytes twice, manifest included', async () => {
      const second = await build(await cacheWithPackage('second'));
      expect(second.id).toBe(first.id);
      expect((await readdir(second.folder)).sort()).toEqual([...partNames, 'manifest.json'].sort());
      for (const name of [...partNames, 'manifest.json']) {
        const [a, b] = await Promise.all([readFile(join(first.folder, name)), readFile(join(second.folder, name))]);
        expect(sha256Of(b), name).toBe(sha256Of(a));
      }
    });

    it('of a kernel whose modules are a package of their own has the same parts', async () => {
      const cache = await cacheWithPackage('split');
      const kernel = await splitKernel(cache);
      const image = await buildImageOf(kernel, { cacheFolder: cache, initScript });
      expect(image.manifest.inputs.kernelPackage).toEqual(kernel);
      expect(image.id).not.toBe(first.id);
      expect(image.manifest.parts).toEqual(first.manifest.parts);
      expect(await ensureImage({ cacheFolder: cache, initScript })).toEqual(image);
    });

    it('makes nothing anew when the inputs are the same', async () => {
      const before = await stat(first.vmlinux);
      const again = await buildImage({ cacheFolder: firstCache(), initScript });
      expect(again).toEqual(first);
      expect((await stat(first.vmlinux)).ino).toBe(before.ino);
    });

    it('has a kernel that PVH and bzImage loaders boot, and names every package', () => {
      const { kernel, inputs } = first.manifest;
      expect(kernel).toMatchObject({ hasPvhEntry: true, release: expect.stringMatching(/-cloud-amd64$/) as string });
      for (const name of ['busybox', 'iperf3', 'sockperf', 'ethtool']) {
        const file = inputs.hostFiles.find(({ path }) => path === `bin/${name}`);
        expect(file?.package).toMatch(new RegExp(`^${name}(-static)?=.`));
      }
    });

    it('leaves one result when two build at once', async () => {
      const cache = await cacheWithPackage('at-once');
      const builders = await Promise.all([
        run(builder(cache), { deadlineMs: minuteMs }),
        run(builder(cache), { deadlineMs: minuteMs }),
      ]);
      for (const { stdout } of builders) expect(stdout.trim().split('\n').at(-1)).toBe(first.id);
      expect(await readdir(imagesFolder(cache))).toEqual([first.id]);
    });

    it('that is killed at any step leaves no half image, and what it left is removed by the next', async () => {
      const cache = await cacheWithPackage('killed');
      const steps = ['fetching', 'unpacking', 'making', 'writing'];
      const moments = steps.flatMap((step) => [0, 40, 400].map((delayMs) => ({ step, delayMs })));
      let leftFolders = 0;
      for (const { step, delayMs } of moments) {
        await using child = await start(builder(cache), { stdout: 'pipe' });
        await new Promise<void>((resolve, reject) => {
          child.stdout?.on('data', (chunk: Buffer) => {
            if (chunk.toString().includes(step)) resolve();
          });
          child.stdout?.once('close', () => {
            reject(new Error(`the build ended before the step ${step}: ${child.stderrSoFar()}`));
          });
        });
        // Where in a step the kill falls is what this varies; nothing is waited for.
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        child.signal('SIGKILL');
        await child.ended;
        const names = await readdir(imagesFolder(cache)).catch(() => []);
        leftFolders += names.filter((name) => name.startsWith('.building-')).length;
        for (const entry of await listImages(cache)) {
          if (entry.status !== 'whole') throw new Error(`killed ${String(delayMs)} ms into ${step}: ${entry.reason}`);
          await verifyImage(entry.image);
        }
        await removeEntries(cache);
      }
      expect(leftFolders).toBeGreaterThan(0);
      await build(cache);
      expect(await readdir(imagesFolder(cache))).toEqual([first.id]);
    });

    /** Takes away finished images only, so that the next killed build has something to do. */
    async function removeEntries(cache: string): Promise<void> {
      for (const { folder: entry } of await listImages(cache)) await rm(entry, { recursive: true });
    }

    it('on a full disk says so and leaves nothing', async (test) => {
      if (process.getuid?.() !== 0) test.skip('mounting a small disk needs root');
      const disk = join(folder, 'disk');
      await mkdir(disk);
      const kernel = packageFile(firstCache(), first.manifest.inputs.kernelPackage);
      const script =
        'mount -t tmpfs -o size=60m none "$0" && mkdir "$0/packages" && cp "$1" "$0/packages" && shift && "$@"; ls -A "$0/images"';
      const { stdout } = await run(['unshare', '--mount', 'sh', '-c', script, disk, kernel, ...builder(disk)], {
        deadlineMs: minuteMs,
      });
      expect(stdout.trim().split('\n').at(-1)).toMatch(/^IMAGE_FAILED free some space/);
    });
  });

  describe('the initramfs', () => {
    const contents = (name: string) => join(folder, name);

    it('is read back by busybox as cpio(5) tells, in the same order', async () => {
      const busybox = await run(['busybox', 'cpio', '-t', '-F', first.initramfs], { deadlineMs: minuteMs });
      const names = cpioEntries(await readFile(first.initramfs)).map(({ path }) => path);
      expect(busybox.stdout.trim().split('\n')).toEqual(names);
      expect(names).toEqual(expect.arrayContaining(['init', 'dev/console', 'bin/sh', ...first.manifest.modules]));
    });

    it('has programs that run with nothing but what is in it', async (test) => {
      if (process.getuid?.() !== 0) test.skip('device nodes and chroot need root');
      const root = contents('root');
      await mkdir(root);
      await run(['busybox', 'cpio', '-i', '-d', '-F', first.initramfs], { deadlineMs: minuteMs, cwd: root });
      expect(await readFile(join(root, 'init'), 'utf8')).toBe(initScript);
      const inside = (...argv: string[]) => run(['chroot', root, ...argv], { deadlineMs: minuteMs });
      expect((await inside('/bin/iperf3', '--version')).stdout).toMatch(/^iperf 3/);
      expect((await inside('/bin/sockperf', '--version')).stdout).toMatch(/sockperf, version/);
      expect((await inside('/bin/ethtool', '--version')).stdout).toMatch(/^ethtool version/);
      expect((await inside('/bin/sh', '-c', 'stat -c %F /dev/console')).stdout).toBe('character special file\n');
    });

    it('has the modules that modprobe would load, in its order', async (test) => {
      if ((await findProgram('depmod')) === null) test.skip('there is no kmod to compare with');
      const root = contents('kernel');
      const { inputs, kernel, modules } = first.manifest;
      await run(['dpkg-deb', '--extract', packageFile(firstCache(), inputs.kernelPackage), root], {
        deadlineMs: minuteMs,
      });
      // Debian 13 has its modules under /usr only; depmod looks under /lib, which is a link on every machine with merged folders.
      if (!(await readdir(root)).includes('lib')) await symlink('usr/lib', join(root, 'lib'));
      await run(['depmod', '--basedir', root, kernel.release], { deadlineMs: minuteMs });
      const wanted: string[] = [];
      for (const name of ['virtio_net', 'virtio_mmio', 'virtio_pci']) {
        const argv = ['modprobe', '--show-depends', '--set-version', kernel.release, '--dirname', root, name];
        const { stdout } = await run(argv, { deadlineMs: minuteMs });
        wanted.push(...[...stdout.matchAll(/\/([^/\s]+)\.ko/g)].map(([, module]) => module ?? ''));
      }
      expect(modules.map((path) => path.replace(/^.*\/\d+-|\.ko$/g, ''))).toEqual([...new Set(wanted)]);
    });
  });

  describe('a run', () => {
    it('gets the newest image without apt', async () => {
      const image = await withPrograms(guestTools, () => ensureImage({ cacheFolder: firstCache(), initScript }));
      expect(image).toEqual(first);
    });

    it('gets an image with the same kernel, without apt, when /init changes', async () => {
      const cacheFolder = await cacheWithPackage('changed');
      await build(cacheFolder);
      const changed = { cacheFolder, initScript: `${initScript}# changed\n` };
      const image = await withPrograms([...guestTools, ...unpackers], () => ensureImage(changed));
      expect(image.id).not.toBe(first.id);
      expect(image.manifest.inputs.kernelPackage).toEqual(first.manifest.inputs.kernelPackage);
      expect(await ensureImage({ cacheFolder, initScript })).toMatchObject({ id: first.id });
    });

    it('gets another image when a tool is another file', async () => {
      const cacheFolder = await cacheWithPackage('other-tool');
      await build(cacheFolder);
      const image = await withPrograms([...guestTools.filter((name) => name !== 'ethtool'), ...unpackers], async () => {
        const path = join(process.env['PATH'] ?? '', 'ethtool');
        await copyFile((await findProgram('iperf3')) ?? '', path);
        return ensureImage({ cacheFolder, initScript });
      });
      const ethtool = image.manifest.inputs.hostFiles.find(({ path }) => path === 'bin/ethtool');
      expect(ethtool).toMatchObject({
        package: null,
        sha256: sha256Of(await readFile(await realpath('/usr/bin/iperf3'))),
      });
    });

    it('is refused a damaged image, which a build mends', async () => {
      const cacheFolder = await cacheWithPackage('damaged');
      const { vmlinux, id } = await build(cacheFolder);
      await truncate(vmlinux, 1000);
      await expect(ensureImage({ cacheFolder, initScript })).rejects.toMatchObject({
        code: 'IMAGE_FAILED',
        hint: 'tapbench image build',
        message: expect.stringContaining(`image ${id}`) as string,
      });
      await verifyImage(await buildImage({ cacheFolder, initScript }));
      expect(await ensureImage({ cacheFolder, initScript })).toMatchObject({ id });
    });

    it.each([
      ['sockperf', guestTools.filter((name) => name !== 'sockperf'), 'apt-get install sockperf'],
      ['apt-cache', guestTools, 'apt-get install apt'],
    ])('without %s is told how to install it', async (name, programs, hint) => {
      const cacheFolder = join(folder, 'empty');
      const failure = withPrograms(programs, () => ensureImage({ cacheFolder, initScript }));
      await expect(failure).rejects.toMatchObject({
        code: 'IMAGE_FAILED',
        hint,
        message: expect.stringContaining(`${name} is not installed`) as string,
      });
    });
  });

  it('is gone, with its kernel package, when all are removed', async () => {
    expect(await removeImage(firstCache(), 'all')).toEqual([first.id]);
    expect(await readdir(imagesFolder(firstCache()))).toEqual([]);
    expect(await readdir(join(firstCache(), 'packages'))).toEqual([]);
  });
});
