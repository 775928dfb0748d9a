import { describe, expect, it } from 'vitest';
import { fileSystemOf, headerBytes } from './file-system.ts';

/** The superblock of an ext4 file system of so many blocks of 4 KiB. */
function extHeader(blocks: bigint, incompatible = 0x80): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(Number(blocks & 0xffff_ffffn), 1_024 + 0x4);
  header.writeUInt32LE(2, 1_024 + 0x18);
  header.writeUInt16LE(0xef53, 1_024 + 0x38);
  header.writeUInt32LE(incompatible, 1_024 + 0x60);
  header.writeUInt32LE(Number(blocks >> 32n), 1_024 + 0x150);
  return header;
}

function squashHeader(bytesUsed: bigint, major = 4): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('hsqs', 'latin1');
  header.writeUInt16LE(major, 28);
  header.writeBigUInt64LE(bytesUsed, 40);
  return header;
}

function begun(text: string, at = 0): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(text, at, 'latin1');
  return header;
}

describe('fileSystemOf', () => {
  it('knows ext4 and squashfs that are whole', () => {
    expect(fileSystemOf(extHeader(10n), 40_960)).toEqual({ type: 'ext4' });
    expect(fileSystemOf(extHeader(10n), 50_000)).toEqual({ type: 'ext4' });
    expect(fileSystemOf(squashHeader(8_000n), 8_192)).toEqual({ type: 'squashfs' });
  });

  it.each([
    { what: 'ext4', header: extHeader(10n), bytes: 40_959, words: 'has 40960 bytes, the file 40959' },
    {
      what: 'ext4 of more than 16 TiB',
      header: extHeader(2n ** 33n),
      bytes: 2 ** 40,
      words: 'has 35184372088832 bytes',
    },
    { what: 'squashfs', header: squashHeader(8_193n), bytes: 8_192, words: 'has 8193 bytes, the file 8192' },
    { what: 'squashfs of no real size', header: squashHeader(2n ** 64n - 1n), bytes: 8_192, words: 'cut off' },
  ])('refuses $what that is cut off', ({ header, bytes, words }) => {
    expect(fileSystemOf(header, bytes)).toMatchObject({ problem: expect.stringContaining(words) as string });
  });

  it('does not take the upper half of a size that is not used', () => {
    const header = extHeader(10n, 0);
    header.writeUInt32LE(7, 1_024 + 0x150);
    expect(fileSystemOf(header, 40_960)).toEqual({ type: 'ext4' });
  });

  it.each([
    ['a journal that was not played back', extHeader(10n, 0x84), 'e2fsck'],
    ['a block size that no kernel has', extHeader(10n).fill(0xff, 1_024 + 0x18, 1_024 + 0x1c), 'damaged'],
    ['squashfs 3', squashHeader(1n, 3), 'squashfs 3'],
    ['qcow2', begun('QFI\xfb'), 'qemu-img convert'],
    ['gzip', begun('\x1f\x8b\x08'), 'unpack it'],
    ['a tar archive', begun('ustar\0', 257), 'give the folder'],
    ['a partitioned disk', begun('\x55\xaa', 510), 'partitions'],
    ['nothing', Buffer.alloc(headerBytes), 'neither ext4 nor squashfs'],
    ['an empty file', Buffer.alloc(0), 'neither ext4 nor squashfs'],
    ['a file of one byte', Buffer.from('h'), 'neither ext4 nor squashfs'],
  ])('says what is wrong with %s', (_, header, words) => {
    expect(fileSystemOf(header, 2 ** 30)).toMatchObject({ problem: expect.stringContaining(words) as string });
  });
});
