import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { kernelRelease } from './kernel-release.ts';

const elf = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(57)]);
const banner = Buffer.from('Linux version 6.1.0-49-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12)\n');

async function releaseOf(...parts: readonly Buffer[]): Promise<string | null> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'kernel');
  await writeFile(file, Buffer.concat(parts));
  return await kernelRelease(file);
}

/** A bzImage as far as its header says where its version is. */
function bzImage(text: string): Buffer {
  const bytes = Buffer.alloc(4096);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0xa00, 0x20e);
  bytes.write(`${text}\0`, 0xc00, 'latin1');
  return bytes;
}

describe('the release of a kernel', () => {
  it('is that of the banner of an ELF file, also where two reads part it', async () => {
    expect(await releaseOf(elf, Buffer.alloc(9_000), banner)).toBe('6.1.0-49-cloud-amd64');
    for (const before of [10, 20, 40]) {
      expect(await releaseOf(elf, Buffer.alloc(4 * 1024 ** 2 - elf.length - before), banner)).toBe(
        '6.1.0-49-cloud-amd64',
      );
    }
  });

  it('is not the format of a banner, which stands in a kernel too', async () => {
    expect(await releaseOf(elf, Buffer.from('Linux version %s (%s)\0'), banner)).toBe('6.1.0-49-cloud-amd64');
  });

  it('is that of the header of a bzImage', async () => {
    expect(await releaseOf(bzImage('6.12.3+ (me@here) #1 SMP'))).toBe('6.12.3+');
  });

  it('is not known where nothing says it', async () => {
    expect(await releaseOf(elf, Buffer.alloc(5 * 1024 ** 2))).toBeNull();
    expect(await releaseOf(Buffer.from('text'))).toBeNull();
    expect(await releaseOf(bzImage('no release'))).toBeNull();
  });
});
