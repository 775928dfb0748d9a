import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { run } from '../lab/process.ts';
import { demandGuestFiles, guestFileSha256 } from './guest-files.ts';

function withKernel(kernel: string | null, initrd: string | null = null) {
  const configuration = sampleConfiguration();
  return { configurations: [{ ...configuration, guest: { ...configuration.guest, kernel, initrd } }] };
}

describe('a kernel of the user', () => {
  it('is refused where it is no file, without being opened', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    await run(['mkfifo', at('pipe')], { deadlineMs: 5_000 });
    await mkdir(at('folder'));
    await symlink('/dev/zero', at('device'));
    await symlink('loop', at('loop'));
    await writeFile(at('huge'), '');
    await truncate(at('huge'), 2 ** 32);
    for (const [name, problem] of [
      ['pipe', 'it is a named pipe, not a file'],
      ['folder', 'it is a folder, not a file'],
      ['device', 'it is a device, not a file'],
      ['loop', 'its links lead in a circle'],
      ['huge', 'it is larger than 2 GiB'],
      ['none', 'no such file'],
    ] as const) {
      const refusal = { code: 'EXPERIMENT_INVALID', message: `guest.kernel: ${at(name)}: ${problem}` };
      expect(() => {
        demandGuestFiles(withKernel(at(name)));
      }).toThrow(expect.objectContaining(refusal) as Error);
    }
  });

  it('is told together with an initramfs that is none', () => {
    expect(() => {
      demandGuestFiles(withKernel('/dev/null', '/'));
    }).toThrow('guest.kernel: /dev/null: it is a device, not a file\nguest.initrd: /: it is a folder, not a file');
  });

  it('is taken where it is a file, and known by its checksum', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'vmlinux');
    await writeFile(file, 'abc');
    demandGuestFiles(withKernel(file, file));
    demandGuestFiles(withKernel(null));
    // FIPS 180-2, appendix B.1.
    expect(await guestFileSha256('guest.kernel', file)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
