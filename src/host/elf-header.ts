import { open } from 'node:fs/promises';

/** What the head of an ELF file says (elf(5)). */
export interface ElfHeader {
  /** As Node names it; `machine N` where it has no name here. */
  readonly architecture: string;
  /** No program interpreter: everything it needs is in it. */
  readonly isStatic: boolean;
}

/** e_machine of elf(5), as `process.arch` calls it. */
const architectures: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};
const interpreterSegment = 3;
const headerBytes = 64;
const magic = 0x7f454c46;

/** The head of a file; null where it is no ELF file, such as a script. @throws Error of the file system */
export async function readElfHeader(path: string): Promise<ElfHeader | null> {
  await using file = await open(path);
  const head = Buffer.alloc(headerBytes);
  const { bytesRead } = await file.read(head, 0, headerBytes, 0);
  if (bytesRead < headerBytes || head.readUInt32BE(0) !== magic) return null;
  const machine = head.readUInt16LE(18);
  const architecture = architectures[machine] ?? `machine ${String(machine)}`;
  // 32-bit and big-endian programs have another layout: their architecture says enough.
  if (head[4] !== 2 || head[5] !== 1) return { architecture, isStatic: false };
  const [offset, entrySize, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  const table = Buffer.alloc(entrySize * count);
  await file.read(table, 0, table.length, offset);
  const types = Array.from({ length: count }, (_, index) => table.readUInt32LE(index * entrySize));
  return { architecture, isStatic: !types.includes(interpreterSegment) };
}
