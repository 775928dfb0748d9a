/** File systems that the guest mounts as its root. */
export const rootfsTypes = ['ext4', 'squashfs'] as const;
export type RootfsType = (typeof rootfsTypes)[number];

/** What an image holds: a file system, or why it is none that can be mounted. */
export type FoundFileSystem = { readonly type: RootfsType } | { readonly problem: string };

/** As many of an image's first bytes tell what it is. */
export const headerBytes = 4_096;

/** struct ext4_super_block of fs/ext4/ext4.h, 1024 bytes after the start: ext2 and ext3 have the same, and are mounted as ext4. */
const ext = {
  start: 1_024,
  blocksLow: 1_024 + 0x4,
  logBlockSize: 1_024 + 0x18,
  magic: 1_024 + 0x38,
  incompatible: 1_024 + 0x60,
  blocksHigh: 1_024 + 0x150,
} as const;
const extMagic = 0xef53;
/** EXT4_FEATURE_INCOMPAT_RECOVER and EXT4_FEATURE_INCOMPAT_64BIT. */
const needsRecovery = 0x4;
const has64Bit = 0x80;
/** EXT4_MAX_BLOCK_LOG_SIZE is 16, of which the smallest block takes 10. */
const mostLogBlockSize = 6;

/** struct squashfs_super_block of fs/squashfs/squashfs_fs.h. */
const squash = { magic: 0, major: 28, bytesUsed: 40 } as const;
const squashMagic = 0x73717368;
const squashMajor = 4;

/** What users give by mistake, by what it begins with. */
const others: readonly (readonly [at: number, magic: string, what: string])[] = [
  [0, 'QFI\xfb', 'a qcow2 image: qemu-img convert -O raw makes a raw one'],
  [0, '\x1f\x8b', 'compressed (gzip): unpack it'],
  [0, '\xfd7zXZ\0', 'compressed (xz): unpack it'],
  [0, '\x28\xb5\x2f\xfd', 'compressed (zstd): unpack it'],
  [257, 'ustar', 'a tar archive: unpack it, and give the folder'],
  [0, '070701', 'an initramfs: give it as guest.initrd'],
  [0, 'XFSB', 'an XFS file system: it must be ext4 or squashfs'],
  [1_024, '\xe2\xe1\xf5\xe0', 'an EROFS file system: it must be ext4 or squashfs'],
  // Last, as a file system may have a boot sector too.
  [510, '\x55\xaa', 'a disk with partitions: give the file system of one of them, as a file of its own'],
];

function truncated(said: bigint, fileBytes: number): FoundFileSystem | null {
  if (said <= BigInt(fileBytes)) return null;
  return {
    problem: `the image is cut off: its file system has ${String(said)} bytes, the file ${String(fileBytes)}`,
  };
}

function extFileSystem(header: Buffer, fileBytes: number): FoundFileSystem {
  const logBlockSize = header.readUInt32LE(ext.logBlockSize);
  if (logBlockSize > mostLogBlockSize) return { problem: 'its ext4 superblock is damaged: e2fsck -f says more' };
  const features = header.readUInt32LE(ext.incompatible);
  const high = (features & has64Bit) === 0 ? 0 : header.readUInt32LE(ext.blocksHigh);
  const blocks = BigInt(header.readUInt32LE(ext.blocksLow)) + (BigInt(high) << 32n);
  const cut = truncated(blocks << BigInt(10 + logBlockSize), fileBytes);
  if (cut !== null) return cut;
  if ((features & needsRecovery) !== 0) {
    return {
      problem: 'its journal holds what is not written back yet, and nothing is written to it: e2fsck -f -p mends it',
    };
  }
  return { type: 'ext4' };
}

function squashFileSystem(header: Buffer, fileBytes: number): FoundFileSystem {
  const major = header.readUInt16LE(squash.major);
  if (major !== squashMajor) return { problem: `it is squashfs ${String(major)}, and kernels mount 4 only` };
  return truncated(header.readBigUInt64LE(squash.bytesUsed), fileBytes) ?? { type: 'squashfs' };
}

/**
 * What a raw image holds.
 * @param header its first bytes: `headerBytes`, or all that it has
 */
export function fileSystemOf(header: Buffer, fileBytes: number): FoundFileSystem {
  const whole = Buffer.concat([header, Buffer.alloc(Math.max(0, headerBytes - header.length))]);
  if (whole.readUInt32LE(squash.magic) === squashMagic) return squashFileSystem(whole, fileBytes);
  if (whole.readUInt16LE(ext.magic) === extMagic) return extFileSystem(whole, fileBytes);
  const known = others.find(([at, magic]) => whole.toString('latin1', at, at + magic.length) === magic);
  if (known !== undefined) return { problem: `it is ${known[2]}` };
  return { problem: 'it holds neither ext4 nor squashfs' };
}
