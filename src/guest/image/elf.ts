import { ParseError } from '../../record/error.ts';

/** A stretch of an ELF file. */
export interface ElfPart {
  readonly offset: number;
  readonly size: number;
}

export interface ElfSegment extends ElfPart {
  /** p_type. */
  readonly type: number;
}

export interface ElfSection extends ElfPart {
  readonly name: string;
}

/** What is needed of a 64-bit little-endian ELF file (elf(5)). */
export interface Elf {
  readonly name: string;
  readonly bytes: Buffer;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
}

export interface ElfNote {
  readonly owner: string;
  readonly type: number;
}

// Sizes and offsets of elf(5), ELFCLASS64.
const headerSize = 64;
const programHeaderSize = 56;
const sectionHeaderSize = 64;
const interpreterSegment = 3;
const noteSegment = 4;
/** XEN_ELFNOTE_PHYS32_ENTRY of include/xen/interface/elfnote.h: the entry point for PVH boot. */
const pvhEntryNote: ElfNote = { owner: 'Xen', type: 18 };

/** Whether the bytes begin like a 64-bit little-endian ELF file. */
export function isElf(bytes: Buffer): boolean {
  return bytes.length >= headerSize && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
}

function part(bytes: Buffer, where: ElfPart, file: string): Buffer {
  if (where.offset + where.size > bytes.length) {
    throw new ParseError({ file, path: `byte ${where.offset}` }, `the ELF file is cut off (${bytes.length} bytes)`);
  }
  return bytes.subarray(where.offset, where.offset + where.size);
}

/** The entries of a table, each as its own bytes. */
function table(bytes: Buffer, where: { offset: number; count: number; entrySize: number }, file: string): Buffer[] {
  return Array.from({ length: where.count }, (_, index) =>
    part(bytes, { offset: where.offset + index * where.entrySize, size: where.entrySize }, file),
  );
}

function sectionsOf(bytes: Buffer, file: string): ElfSection[] {
  const count = bytes.readUInt16LE(60);
  const headers = table(
    bytes,
    { offset: Number(bytes.readBigUInt64LE(40)), count, entrySize: sectionHeaderSize },
    file,
  );
  const placed = headers.map((header) => ({
    nameOffset: header.readUInt32LE(0),
    // SHT_NOBITS takes no room in the file.
    size: header.readUInt32LE(4) === 8 ? 0 : Number(header.readBigUInt64LE(32)),
    offset: Number(header.readBigUInt64LE(24)),
  }));
  const names = placed[bytes.readUInt16LE(62)];
  if (names === undefined) return [];
  const text = part(bytes, names, file);
  return placed.map(({ nameOffset, offset, size }) => {
    const end = text.indexOf(0, nameOffset);
    return { name: text.toString('latin1', nameOffset, end < 0 ? text.length : end), offset, size };
  });
}

/**
 * Reads the tables of an ELF file.
 * @param file name for errors
 * @throws ParseError when it is no 64-bit little-endian ELF file, or cut off
 */
export function readElf(bytes: Buffer, file: string): Elf {
  if (!isElf(bytes)) throw new ParseError({ file, path: 'byte 0' }, 'not a 64-bit little-endian ELF file');
  const programHeaders = {
    offset: Number(bytes.readBigUInt64LE(32)),
    count: bytes.readUInt16LE(56),
    entrySize: programHeaderSize,
  };
  const segments = table(bytes, programHeaders, file).map((header) => ({
    type: header.readUInt32LE(0),
    offset: Number(header.readBigUInt64LE(8)),
    size: Number(header.readBigUInt64LE(32)),
  }));
  return { name: file, bytes, segments, sections: sectionsOf(bytes, file) };
}

/** The path of the dynamic loader that a program asks for; null for a static one. */
export function elfInterpreter(elf: Elf): string | null {
  const segment = elf.segments.find(({ type }) => type === interpreterSegment);
  if (segment === undefined) return null;
  return part(elf.bytes, segment, elf.name).toString('latin1').replace(/\0.*$/s, '');
}

/** The contents of a section; null where there is none of that name. */
export function elfSection(elf: Elf, name: string): Buffer | null {
  const section = elf.sections.find((candidate) => candidate.name === name);
  return section === undefined ? null : part(elf.bytes, section, elf.name);
}

const aligned = (size: number): number => Math.ceil(size / 4) * 4;

/** The notes of all note segments, without what they say. */
export function elfNotes(elf: Elf): ElfNote[] {
  const notes: ElfNote[] = [];
  for (const segment of elf.segments.filter(({ type }) => type === noteSegment)) {
    const bytes = part(elf.bytes, segment, elf.name);
    for (let at = 0; at + 12 <= bytes.length; ) {
      const nameSize = bytes.readUInt32LE(at);
      const owner = part(bytes, { offset: at + 12, size: nameSize }, elf.name)
        .toString('latin1')
        .replace(/\0+$/, '');
      notes.push({ owner, type: bytes.readUInt32LE(at + 8) });
      at += 12 + aligned(nameSize) + aligned(bytes.readUInt32LE(at + 4));
    }
  }
  return notes;
}

/** Whether a kernel can be entered the PVH way, as QEMU, Firecracker and Cloud Hypervisor do with an ELF kernel. */
export function hasPvhEntry(kernel: Elf): boolean {
  return elfNotes(kernel).some(({ owner, type }) => owner === pvhEntryNote.owner && type === pvhEntryNote.type);
}
