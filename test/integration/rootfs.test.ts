import { chmod, copyFile, mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { fetchKernelPackages } from '../../src/guest/image/kernel-package.ts';
import { guestLibraryPath, librariesOf } from '../../src/guest/image/library-closure.ts';
import { findProgram } from '../../src/guest/image/program-path.ts';
import { moduleFolder, unpackPackages } from '../../src/guest/image/unpacked-kernel.ts';
import { readTree } from '../../src/guest/rootfs/tree.ts';
import { makeTreeImage } from '../../src/guest/rootfs/tree-image.ts';
import { cacheFolder } from '../../src/host/folders.ts';
import { fileSha256 } from '../../src/host/program.ts';
import { guestImage } from '../../src/preflight/image.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { failedTwice, latestRun, only, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, 0o755);
}

/** A tree of busybox alone, without a C library, as small systems begin. Its links are absolute: they lead out of it where they are followed on the host. */
async function busyboxTree(folder: string): Promise<string> {
  await put((await findProgram('busybox')) ?? '', join(folder, 'bin/busybox'));
  await symlink('/bin/busybox', join(folder, 'bin/sh'));
  await symlink('/nowhere', join(folder, 'tmp'));
  await mkdir(join(folder, 'etc'));
  await writeFile(join(folder, 'etc/os-release'), 'PRETTY_NAME="Busybox of a test"\n');
  return folder;
}

/** The same with iperf3 of this host, and what it needs unless that is left out. */
async function treeWithIperf3(folder: string, { hasLibraries }: { hasLibraries: boolean }): Promise<string> {
  await busyboxTree(folder);
  const program = (await findProgram('iperf3')) ?? '';
  await put(program, join(folder, 'usr/bin/iperf3'));
  const libraries = hasLibraries ? await librariesOf(program) : [];
  for (const library of libraries) await put(library.path, join(folder, guestLibraryPath(library, libraries)));
  return folder;
}

/** The kernel of the image as if it were the user's, with all modules of its package. */
async function kernelOfImage(folder: string): Promise<{ kernel: string; modules: string }> {
  const { vmlinux, manifest } = await guestImage(() => undefined);
  const packages = await fetchKernelPackages(cacheFolder(), manifest.inputs.kernelPackage, join(folder, 'download'));
  await unpackPackages(packages, join(folder, 'root'));
  return { kernel: vmlinux, modules: await moduleFolder(join(folder, 'root'), manifest.kernel.release) };
}

const { signal } = new AbortController();

async function imageOf(tree: string): Promise<string> {
  const image = `${tree}.ext4`;
  await makeTreeImage(tree, image, { tree: await readTree(tree, signal), signal });
  return image;
}

/** What a change of a file changes. */
async function stateOf(file: string) {
  const { size, mode, uid, mtimeMs, ctimeMs } = await stat(file);
  return { sha256: await fileSha256(file), size, mode, uid, mtimeMs, ctimeMs };
}

describeHere("a root file system of the user's own", () => {
  const session = useSession();
  const at = (name: string) => join(session().folder, name);

  it('that is a folder without a C library runs the tools of the image, and is left as it was', async () => {
    const tree = await busyboxTree(at('tree'));
    const before = await readTree(tree, signal);
    const words = ['run', 'quick', '--duration', '1s', '--trace', 'off', '--guest.rootfs', tree];
    expect(await session().run(words)).toMatchObject({ exitStatus: 0 });
    const { trials } = await latestRun(session());
    const { guest, measurements, configuration } = only(trials);
    expect(configuration.guest).toMatchObject({ rootfs: tree, tools: 'image' });
    expect(guest?.rootfs).toEqual({
      form: 'folder',
      sha256: before.sha256,
      tools: 'image',
      system: 'Busybox of a test',
      libc: null,
      programs: { iperf3: expect.stringMatching(/^\d/) as string, sockperf: expect.stringMatching(/^\d/) as string },
    });
    expect(measurements.map(({ workload }) => workload)).toEqual(['iperf3', 'sockperf']);
    expect(await readTree(tree, signal)).toEqual(before);
  });

  it('that is an image runs its own tools, also as a server, and is not written to', async () => {
    const image = await imageOf(await treeWithIperf3(at('tree'), { hasLibraries: true }));
    const before = await stateOf(image);
    const own = ['--guest.rootfs', image, '--set', 'guest.tools=rootfs', '--set', 'topology=host-to-vm'];
    expect(await session().run([...shortRun, ...own])).toMatchObject({ exitStatus: 0 });
    const { guest } = only((await latestRun(session())).trials);
    expect(guest?.rootfs).toMatchObject({ form: 'ext4', sha256: before.sha256, tools: 'rootfs' });
    expect(guest?.rootfs?.libc).toMatch(/^(glibc|musl) \d/);
    expect(await stateOf(image)).toEqual(before);
  });

  it.each([
    {
      what: 'no iperf3',
      tree: busyboxTree,
      argument: '',
      said: 'the rootfs has no iperf3: install it there (apk add iperf3, apt-get install iperf3), or guest.tools: image',
    },
    {
      what: 'iperf3 without its C library',
      tree: async (folder: string) => await treeWithIperf3(folder, { hasLibraries: false }),
      argument: '',
      said: '/usr/bin/iperf3 does not run in the rootfs (is its libc there?): chroot:',
    },
    {
      what: 'a file system that the kernel does not have',
      tree: busyboxTree,
      argument: 'initcall_blacklist=ext4_init_fs',
      said: "the kernel can't mount ext4: it is neither built in nor among its modules (guest.modules)",
    },
  ])('of $what fails its trial with the line that says so', async ({ tree, argument, said }) => {
    const image = await imageOf(await tree(at('tree')));
    const own = ['--guest.rootfs', image, '--set', 'guest.tools=rootfs'];
    const arguments_ = argument === '' ? [] : ['--set', `guest.kernelArguments=${argument}`];
    const result = await session().run([...shortRun, ...own, ...arguments_]);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', workload: null });
    expect(failure?.message).toContain(said);
  });

  it('that can not be one is refused before anything is made', async () => {
    const tree = await busyboxTree(at('tree'));
    const cut = await imageOf(tree);
    await truncate(cut, 1024 ** 2);
    const gone = at('gone');
    const refusals: readonly (readonly [words: readonly string[], said: string])[] = [
      [['--guest.rootfs', cut], `guest.rootfs: ${cut}: the image is cut off`],
      [['--guest.rootfs', gone], `guest.rootfs: ${gone}: no such file or folder`],
      [['--guest.rootfs', '/dev/zero'], 'guest.rootfs: /dev/zero: it is a device, not a file'],
      [['--guest.rootfs', '/'], 'it is the root of this machine'],
      [
        ['--guest.rootfs', tree, '--set', 'guest.tools=rootfs'],
        `guest.tools: rootfs: ${tree}: it has no iperf3: install it there`,
      ],
      [['--set', 'guest.tools=rootfs'], 'guest.tools: rootfs needs guest.rootfs'],
      [['--set', 'guest.modules=/lib/modules/none'], 'guest.modules: needs guest.kernel'],
    ];
    for (const [words, said] of refusals) {
      const result = await session().run([...shortRun, ...words]);
      expect([result.exitStatus, result.stderr]).toEqual([2, expect.stringContaining(said) as string]);
    }
  });

  it("goes with a kernel of the user's own and its modules", async () => {
    const tree = await busyboxTree(at('tree'));
    const { kernel, modules } = await kernelOfImage(at('kernel'));
    const own = ['--guest.rootfs', tree, '--guest.kernel', kernel, '--set', `guest.modules=${modules}`];
    expect(await session().run([...shortRun, ...own])).toMatchObject({ exitStatus: 0 });
    const { guest } = only((await latestRun(session())).trials);
    expect(guest?.rootfs).toMatchObject({ form: 'folder', tools: 'image' });
    // The same without what mounts it.
    const list = join(modules, 'modules.order');
    await writeFile(list, withoutLine(await readFile(list, 'utf8'), 'virtio_blk'));
    const refused = await session().run([...shortRun, ...own]);
    expect(refused.exitStatus).toBe(2);
    expect(refused.stderr).toContain(`guest.modules: ${modules}: the kernel has no module virtio_blk`);
  });
});

function withoutLine(text: string, word: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes(word))
    .join('\n');
}
