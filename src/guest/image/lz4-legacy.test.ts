import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { unpackLz4Legacy } from './lz4-legacy.ts';

const text = `${'hello '.repeat(6)}hello, ${'tapbench '.repeat(3)}${'a'.repeat(96)} end of this text`;
/** What `lz4 -l -9` of lz4 1.9.4 makes of it: overlapping matches, a length over 15, a run of one byte. */
const packed = Buffer.from(
  '02214c18300000006f68656c6c6f20060010af2c2074617062656e63680900001f6101004cf00220656e64206f6620746869732074657874',
  'hex',
);

describe('unpackLz4Legacy', () => {
  it('unpacks what lz4 -l made', () => {
    expect(unpackLz4Legacy(packed, text.length, 'x').toString()).toBe(text);
  });

  it('unpacks one block after another, and frames one after another', () => {
    const block = packed.subarray(4);
    const twice = Buffer.concat([packed, block]);
    const frames = Buffer.concat([packed, packed]);
    expect(unpackLz4Legacy(twice, 2 * text.length, 'x').toString()).toBe(text + text);
    expect(unpackLz4Legacy(frames, 2 * text.length, 'x').toString()).toBe(text + text);
  });

  it('says where the data is cut off', () => {
    expect(() => unpackLz4Legacy(packed.subarray(0, -1), text.length, 'vmlinuz')).toThrow(
      /^vmlinuz: byte 8: damaged LZ4/,
    );
  });

  it('refuses an output of another size than was said', () => {
    expect(() => unpackLz4Legacy(packed, text.length + 1, 'x')).toThrow(/LZ4 data of \d+ bytes where \d+ were said/);
    expect(() => unpackLz4Legacy(packed, text.length - 1, 'x')).toThrow(ParseError);
  });

  it('gives a ParseError or some output for any bytes, and writes nowhere else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (block) => {
        const size = Buffer.alloc(4);
        size.writeUInt32LE(block.length);
        try {
          expect(unpackLz4Legacy(Buffer.concat([size, block]), 64, 'x')).toHaveLength(64);
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
    );
  });
});
