import { open } from 'node:fs/promises';
import { isElf } from './elf.ts';

// The setup header of a bzImage (Documentation/arch/x86/boot.rst of the kernel): `HdrS`, and where the text of the version is, less 0x200.
const magicAt = 0x202;
const magic = 0x53726448;
const versionPointerAt = 0x20e;
const versionBase = 0x200;

/** A release is 64 bytes at most (UTS_RELEASE of include/generated/utsrelease.h, __NEW_UTS_LEN of include/uapi/linux/utsname.h). */
const longestRelease = 64;
const pieceBytes = 4 * 1024 ** 2;
/** linux_banner of init/version.c. */
const banner = /Linux version (\d[\w.+~-]{0,63}) \(/;
const bannerBytes = 128;

/** The text that the header of a bzImage points at; null where it is none. */
function bzImageRelease(start: Buffer): string | null {
  if (start.length < versionPointerAt + 2 || start.readUInt32LE(magicAt) !== magic) return null;
  const at = start.readUInt16LE(versionPointerAt) + versionBase;
  const text = start.toString('latin1', at, at + longestRelease + 1);
  return /^(\d[\w.+~-]*) /.exec(text)?.[1] ?? null;
}

/** The release that a kernel, ELF or bzImage, says it has (`uname -r`); null where none is found in it. @throws what the file system throws */
export async function kernelRelease(kernel: string): Promise<string | null> {
  await using file = await open(kernel);
  const piece = Buffer.alloc(pieceBytes);
  let rest = '';
  for (let at = 0; ; at += pieceBytes) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes, at);
    const read = piece.subarray(0, bytesRead);
    if (at === 0 && !isElf(read)) return bzImageRelease(read);
    const text = rest + read.toString('latin1');
    const release = banner.exec(text)?.[1];
    if (release !== undefined) return release;
    if (bytesRead === 0) return null;
    // One that lies across two pieces.
    rest = text.slice(-bannerBytes);
  }
}
