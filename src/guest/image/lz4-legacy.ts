import { ParseError } from '../../record/error.ts';

/** Begins a legacy frame (doc/lz4_Frame_format.md of LZ4, "Legacy frame"), as a little-endian number. */
export const lz4LegacyMagic = 0x184c2102;

class Truncated extends Error {}

/** Reads a length that goes on in bytes of 255 (doc/lz4_Block_format.md). */
function longLength(block: Uint8Array, at: number, nibble: number): { length: number; at: number } {
  let length = nibble;
  if (nibble === 15) {
    let byte = 255;
    while (byte === 255) {
      const next = block[at];
      if (next === undefined) throw new Truncated();
      byte = next;
      length += byte;
      at += 1;
    }
  }
  return { length, at };
}

/** Copies what was written `distance` bytes before; the two may overlap, which repeats. */
function copyMatch(output: Uint8Array, to: number, match: { distance: number; length: number }): void {
  const from = to - match.distance;
  if (match.distance >= match.length) {
    output.copyWithin(to, from, from + match.length);
    return;
  }
  for (let index = 0; index < match.length; index += 1) output[to + index] = output[from + index] ?? 0;
}

/** Decodes one block into `output` at `to`; gives where its output ends. */
function decodeBlock(block: Uint8Array, output: Uint8Array, to: number): number {
  let at = 0;
  while (at < block.length) {
    const token = block[at] ?? 0;
    const literals = longLength(block, at + 1, token >> 4);
    const matchAt = literals.at + literals.length;
    if (matchAt > block.length || to + literals.length > output.length) throw new Truncated();
    output.set(block.subarray(literals.at, matchAt), to);
    to += literals.length;
    // The last sequence of a block has no match.
    if (matchAt === block.length) return to;
    const distance = (block[matchAt] ?? 0) | ((block[matchAt + 1] ?? 0) << 8);
    const tail = longLength(block, matchAt + 2, token & 15);
    const length = tail.length + 4;
    if (distance === 0 || distance > to || to + length > output.length) throw new Truncated();
    copyMatch(output, to, { distance, length });
    to += length;
    at = tail.at;
  }
  return to;
}

/**
 * Unpacks an LZ4 legacy frame, which is what a Linux kernel made with CONFIG_KERNEL_LZ4 carries.
 * Our own decoder: the format is this small, and neither node:zlib nor Debian's base system knows it.
 * @param outputBytes size of the whole output (the kernel says it)
 * @throws ParseError when the frame is damaged or gives another size
 */
export function unpackLz4Legacy(frame: Buffer, outputBytes: number, file: string): Buffer {
  const output = Buffer.alloc(outputBytes);
  let to = 0;
  let at = 0;
  try {
    while (at + 4 <= frame.length) {
      const size = frame.readUInt32LE(at);
      at += 4;
      if (size === lz4LegacyMagic) continue;
      if (at + size > frame.length) throw new Truncated();
      to = decodeBlock(frame.subarray(at, at + size), output, to);
      at += size;
    }
  } catch (cause) {
    if (!(cause instanceof Truncated)) throw cause;
    throw new ParseError({ file, path: `byte ${at}` }, 'damaged LZ4 data', { cause });
  }
  if (to !== outputBytes) {
    throw new ParseError({ file, path: `byte ${at}` }, `LZ4 data of ${to} bytes where ${outputBytes} were said`);
  }
  return output;
}
