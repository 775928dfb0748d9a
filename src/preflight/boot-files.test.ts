import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cpioEntries } from '../../test/sample/cpio-entries.ts';
import { sampleElf } from '../../test/sample/elf.ts';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { sampleManifest } from '../../test/sample/image.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { sha256Of } from '../guest/image/sha256.ts';
import { Ledger } from '../lab/ledger.ts';
import type { Configuration, GuestSpec } from '../record/experiment.ts';
import { BootFiles } from './boot-files.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const release = '6.1.0-56-cloud-amd64';

function withGuest(guest: Partial<GuestSpec>): Configuration {
  const configuration = sampleConfiguration();
  return { ...configuration, guest: { ...configuration.guest, ...guest } };
}

function kernelOf(itsRelease: string): Buffer {
  return sampleElf({ sections: { '.rodata': Buffer.from(`Linux version ${itsRelease} (me@here)\n`) } });
}

/** The folder of modules of a kernel, of which virtio_net is one and all else is built in. */
async function modulesOf(folder: string, itsRelease: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const modinfo = Buffer.from(`depends=\0vermagic=${itsRelease} SMP preempt mod_unload \0`);
  await writeFile(join(folder, 'virtio_net.ko'), sampleElf({ sections: { '.modinfo': modinfo } }));
  await writeFile(join(folder, 'modules.order'), 'virtio_net.ko\n');
  await writeFile(join(folder, 'modules.builtin'), '');
  return folder;
}

async function sampleImage(folder: string): Promise<GuestImage> {
  const busybox = join(folder, 'busybox');
  await writeFile(busybox, 'busybox');
  const manifest = sampleManifest();
  const hostFiles = manifest.inputs.hostFiles.map((file) => ({ ...file, source: busybox }));
  const parts = { bzImage: '/image/bzImage', vmlinux: '/image/vmlinux', initramfs: '/image/initramfs.cpio' };
  return { ...parts, id: manifest.id, folder, manifest: { ...manifest, inputs: { ...manifest.inputs, hostFiles } } };
}

const { signal } = new AbortController();

async function started() {
  const folder = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', join(folder.path, 'cache'));
  const made = new DisposableStack();
  const ledger = made.use(Ledger.open(join(folder.path, 'ledger'), 'test'));
  const image = await sampleImage(folder.path);
  const files = new BootFiles({
    images: { usual: image, withRootfs: null },
    ledger,
    made,
    onStep: () => undefined,
    signal,
  });
  const at = (name: string): string => join(folder.path, name);
  const end = async (): Promise<void> => {
    made.dispose();
    await folder[Symbol.asyncDispose]();
  };
  return { files, image, at, [Symbol.asyncDispose]: end };
}

async function modulesIn(initrd: string): Promise<string[]> {
  return cpioEntries(await readFile(initrd))
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.ko'));
}

describe("the initramfs for a kernel of the user's own", () => {
  it('is that of the image where the kernel is of the same release', async () => {
    await using run = await started();
    await writeFile(run.at('vmlinux'), kernelOf(release));
    const { initrd, booted } = await run.files.of(withGuest({ kernel: run.at('vmlinux') }), false);
    expect(initrd).toBe(run.image.initramfs);
    expect(booted).toMatchObject({ imageId: run.image.id, kernelSha256: sha256Of(kernelOf(release)) });
  });

  it('has no modules where it is of another one, or says none', async () => {
    await using run = await started();
    await writeFile(run.at('other'), kernelOf('6.12.3'));
    await writeFile(run.at('silent'), sampleElf());
    for (const name of ['other', 'silent']) {
      const { initrd, booted } = await run.files.of(withGuest({ kernel: run.at(name) }), false);
      expect(await modulesIn(initrd)).toEqual([]);
      expect(booted).toMatchObject({ imageId: run.image.id, initrdSha256: sha256Of(await readFile(initrd)) });
    }
  });

  it('has those of guest.modules, and is refused with those of another release', async () => {
    await using run = await started();
    await writeFile(run.at('vmlinux'), kernelOf('6.12.3'));
    const modules = await modulesOf(run.at('fitting'), '6.12.3');
    const { initrd } = await run.files.of(withGuest({ kernel: run.at('vmlinux'), modules }), false);
    expect(await modulesIn(initrd)).toEqual(['modules/00-virtio_net.ko']);
    const others = await modulesOf(run.at('others'), '6.12.4');
    await expect(run.files.of(withGuest({ kernel: run.at('vmlinux'), modules: others }), false)).rejects.toMatchObject({
      code: 'EXPERIMENT_INVALID',
      message: `guest.modules: ${others}: virtio_net is of kernel 6.12.4, and guest.kernel is 6.12.3`,
    });
  });

  it('is made once for all configurations that boot it', async () => {
    await using run = await started();
    await writeFile(run.at('vmlinux'), kernelOf('6.12.3'));
    const guest = { kernel: run.at('vmlinux') };
    const first = await run.files.of(withGuest(guest), false);
    // Neither is read again.
    await writeFile(run.at('vmlinux'), 'another');
    const second = await run.files.of({ ...withGuest(guest), name: 'second' }, false).catch((error: unknown) => error);
    expect(second).toMatchObject({ initrd: first.initrd, booted: first.booted });
  });
});
