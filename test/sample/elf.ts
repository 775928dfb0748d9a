/** What a sample ELF file holds. */
export interface SampleElf {
  readonly interpreter?: string;
  readonly notes?: readonly { readonly owner: string; readonly type: number; readonly description: Buffer }[];
  readonly sections?: Readonly<Record<string, Buffer>>;
}

const headerSize = 64;

function note({ owner, type, description }: { owner: string; type: number; description: Buffer }): Buffer {
  const name = Buffer.from(`${owner}\0`);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(name.length, 0);
  head.writeUInt32LE(description.length, 4);
  head.writeUInt32LE(type, 8);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  return Buffer.concat([head, padded(name), padded(description)]);
}

/** A small 64-bit little-endian ELF file (elf(5)), written field by field and not by our own code. */
export function sampleElf(sample: SampleElf = {}): Buffer {
  const chunks: Buffer[] = [Buffer.alloc(headerSize)];
  let end = headerSize;
  const add = (bytes: Buffer): { offset: number; size: number } => {
    const place = { offset: end, size: bytes.length };
    chunks.push(bytes);
    end += bytes.length;
    return place;
  };
  const segments = [
    ...(sample.interpreter === undefined ? [] : [{ type: 3, ...add(Buffer.from(`${sample.interpreter}\0`)) }]),
    ...(sample.notes === undefined ? [] : [{ type: 4, ...add(Buffer.concat(sample.notes.map(note))) }]),
  ];
  const programHeaders = segments.map(({ type, offset, size }) => {
    const header = Buffer.alloc(56);
    header.writeUInt32LE(type, 0);
    header.writeBigUInt64LE(BigInt(offset), 8);
    header.writeBigUInt64LE(BigInt(size), 32);
    return header;
  });
  const named = Object.entries(sample.sections ?? {});
  const names = ['', ...named.map(([name]) => name), '.shstrtab'];
  const placed = [
    add(Buffer.alloc(0)),
    ...named.map(([, bytes]) => add(bytes)),
    add(Buffer.from(`${names.join('\0')}\0`)),
  ];
  const sectionHeaders = placed.map(({ offset, size }, index) => {
    const header = Buffer.alloc(64);
    header.writeUInt32LE(
      names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 0),
      0,
    );
    header.writeUInt32LE(index === 0 ? 0 : 1, 4);
    header.writeBigUInt64LE(BigInt(offset), 24);
    header.writeBigUInt64LE(BigInt(size), 32);
    return header;
  });
  const programTable = add(Buffer.concat(programHeaders));
  const sectionTable = add(Buffer.concat(sectionHeaders));
  const file = Buffer.concat(chunks);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeBigUInt64LE(BigInt(programTable.offset), 32);
  file.writeBigUInt64LE(BigInt(sectionTable.offset), 40);
  file.writeUInt16LE(segments.length, 56);
  file.writeUInt16LE(placed.length, 60);
  file.writeUInt16LE(placed.length - 1, 62);
  return file;
}
