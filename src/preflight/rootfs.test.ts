import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { headerBytes } from '../guest/rootfs/file-system.ts';
import { fileSha256 } from '../host/program.ts';
import { run } from '../lab/process.ts';
import { demandGuestFiles } from './guest-files.ts';
import { RootfsImages, rootfsProblem } from './rootfs.ts';

/** A squashfs file system of 4 KiB, as far as its superblock says. */
async function writeImage(path: string): Promise<void> {
  const header = Buffer.alloc(headerBytes);
  header.write('hsqs', 'latin1');
  header.writeUInt16LE(4, 28);
  header.writeBigUInt64LE(BigInt(headerBytes), 40);
  await writeFile(path, header, { mode: 0o644 });
}

function configured(guest: { rootfs: string; tools?: 'image' | 'rootfs'; modules?: string }) {
  const sample = sampleConfiguration();
  return { ...sample, guest: { ...sample.guest, ...guest } };
}

const noFolder = {
  folder: (): string => {
    throw new Error('nothing is to be made');
  },
  onStep: () => undefined,
  signal: new AbortController().signal,
};

describe('a root file system of the user', () => {
  it('is refused where it is none, without being opened', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await run(['mkfifo', at('pipe')], { deadlineMs: 5_000 });
    await writeFile(at('text'), 'no file system');
    await writeImage(at('cut'));
    await truncate(at('cut'), headerBytes - 1);
    await writeImage(at('open'));
    await chmod(at('open'), 0o646);
    await symlink('/', at('root'));
    for (const [name, problem] of [
      ['pipe', 'it is a named pipe, not a file'],
      ['none', 'no such file or folder'],
      ['text', 'it holds neither ext4 nor squashfs'],
      ['cut', 'the image is cut off: its file system has 4096 bytes, the file 4095'],
      ['open', 'everybody may write to it: chmod o-w'],
      ['root', 'it is the root of this machine: give a tree of its own'],
    ] as const) {
      expect([name, rootfsProblem(at(name))]).toEqual([name, problem]);
      const refusal = { code: 'EXPERIMENT_INVALID', message: `guest.rootfs: ${at(name)}: ${problem}` };
      expect(() => {
        demandGuestFiles({ configurations: [configured({ rootfs: at(name) })] });
      }).toThrow(expect.objectContaining(refusal) as Error);
    }
  });

  it('is refused with modules that are no folder of a kernel', async () => {
    await using folder = await temporaryFolder();
    await writeImage(join(folder.path, 'image'));
    const rootfs = join(folder.path, 'image');
    await mkdir(join(folder.path, 'modules'));
    expect(() => {
      demandGuestFiles({ configurations: [configured({ rootfs, modules: join(folder.path, 'modules') })] });
    }).toThrow('it has no modules.order: give lib/modules/RELEASE of the kernel');
  });

  it('gives up reading it with the reason of the signal', async () => {
    await using folder = await temporaryFolder();
    const rootfs = join(folder.path, 'image');
    await writeImage(rootfs);
    const images = new RootfsImages({ ...noFolder, signal: AbortSignal.abort(new Error('interrupted')) });
    await expect(images.rootfsOf(configured({ rootfs }), true)).rejects.toThrow('interrupted');
  });

  it('is given to the VMM as it is, with the programs of the workloads, where it is an image', async () => {
    await using folder = await temporaryFolder();
    const rootfs = join(folder.path, 'image');
    await writeImage(rootfs);
    expect(rootfsProblem(rootfs)).toBeNull();
    const images = new RootfsImages(noFolder);
    expect(await images.rootfsOf(configured({ rootfs, tools: 'rootfs' }), true)).toEqual({
      type: 'squashfs',
      booted: {
        file: rootfs,
        steps: {
          ownInit: null,
          enter: expect.stringMatching(/^\. \/enter\.sh; enter squashfs rootfs iperf3/) as string,
        },
      },
      facts: { form: 'squashfs', sha256: await fileSha256(rootfs), tools: 'rootfs' },
    });
    expect(await images.rootfsOf(sampleConfiguration(), true)).toBeNull();
  });

  it('must be readable for a VMM that has a user of its own', async () => {
    await using folder = await temporaryFolder();
    const rootfs = join(folder.path, 'image');
    await writeImage(rootfs);
    await chmod(rootfs, 0o600);
    const images = new RootfsImages(noFolder);
    await expect(images.rootfsOf(configured({ rootfs }), true)).rejects.toThrow('chmod o+r');
    expect(await images.rootfsOf(configured({ rootfs }), false)).not.toBeNull();
  });

  it('that is a folder must have the tools that are demanded of it', async () => {
    await using folder = await temporaryFolder();
    const images = new RootfsImages(noFolder);
    await expect(images.rootfsOf(configured({ rootfs: folder.path, tools: 'rootfs' }), true)).rejects.toThrow(
      `guest.tools: rootfs: ${folder.path}: it has no iperf3: install it there`,
    );
  });
});
