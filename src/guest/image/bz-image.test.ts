import { tmpdir } from 'node:os';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleElf } from '../../../test/sample/elf.ts';
import { extractVmlinux, kernelPayload } from './bz-image.ts';

const kernel = sampleElf({ notes: [{ owner: 'Xen', type: 18, description: Buffer.alloc(4) }] });
const where = { file: 'vmlinuz', folder: tmpdir() };

function withSize(bytes: Buffer, size: number): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(size);
  return Buffer.concat([bytes, tail]);
}

/** A boot image by Documentation/arch/x86/boot.rst: setup code, 0x100 bytes of unpacker, the payload, more unpacker. */
function bzImage(payload: Buffer, setupSectors = 2): Buffer {
  const setup = Buffer.alloc(((setupSectors === 0 ? 4 : setupSectors) + 1) * 512);
  setup[0x1f1] = setupSectors;
  setup.write('HdrS', 0x202);
  setup.writeUInt16LE(0x020f, 0x206);
  setup.writeUInt32LE(0x100, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, Buffer.alloc(0x100, 0xcc), payload, Buffer.alloc(64, 0xcc)]);
}

/** One LZ4 block of literals only, in a legacy frame. */
function lz4Literals(bytes: Buffer): Buffer {
  const rest = bytes.length - 15;
  const lengths = Buffer.from([0xf0, ...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255]);
  return Buffer.concat([
    Buffer.from('02214c18', 'hex'),
    withSize(Buffer.alloc(0), lengths.length + bytes.length),
    lengths,
    bytes,
  ]);
}

describe('extractVmlinux', () => {
  it.each([
    ['gzip', gzipSync(kernel)],
    ['zstd', withSize(zstdCompressSync(kernel), kernel.length)],
    ['lz4-legacy', withSize(lz4Literals(kernel), kernel.length)],
    ['none', kernel],
  ])('gives the kernel that is packed with %s', async (format, payload) => {
    const extracted = await extractVmlinux(bzImage(payload), where);
    expect(extracted.format).toBe(format);
    expect(extracted.elf.bytes.equals(kernel)).toBe(true);
  });

  it('takes 0 setup sectors for 4, as old boot loaders must', async () => {
    const extracted = await extractVmlinux(bzImage(gzipSync(kernel), 0), where);
    expect(extracted.elf.bytes.equals(kernel)).toBe(true);
  });

  it('refuses a kernel that unpacks to another size than the image says', async () => {
    const payload = withSize(zstdCompressSync(kernel), kernel.length + 1);
    await expect(extractVmlinux(bzImage(payload), where)).rejects.toThrow(/unpacks to \d+ bytes where \d+ were said/);
  });

  it('refuses a payload that is no ELF kernel', async () => {
    const payload = gzipSync(Buffer.alloc(1000));
    await expect(extractVmlinux(bzImage(payload), where)).rejects.toThrow(/not a 64-bit little-endian ELF/);
  });

  it('refuses damaged packed data', async () => {
    const payload = gzipSync(kernel);
    payload.fill(0xff, 20, 40);
    await expect(extractVmlinux(bzImage(payload), where)).rejects.toMatchObject({ code: 'PARSE_FAILED' });
  });
});

describe('kernelPayload', () => {
  it('refuses what is no boot image', () => {
    expect(() => kernelPayload(kernel, 'vmlinuz')).toThrow(/not a Linux boot image/);
    expect(() => kernelPayload(Buffer.alloc(0), 'vmlinuz')).toThrow(/not a Linux boot image/);
  });

  it('refuses an image that is cut off, and says by how much', () => {
    const image = bzImage(gzipSync(kernel));
    expect(() => kernelPayload(image.subarray(0, image.length - 65), 'vmlinuz')).toThrow(
      /cut off \(\d+ of \d+ bytes\)/,
    );
  });

  it('names the first bytes of a packing that it does not know', () => {
    expect(() => kernelPayload(bzImage(Buffer.from('BZh91AY&SY......')), 'vmlinuz')).toThrow(
      /not known here \(425a683931/,
    );
  });

  it('refuses a boot protocol that does not say where the kernel is', () => {
    const image = bzImage(gzipSync(kernel));
    image.writeUInt16LE(0x0207, 0x206);
    expect(() => kernelPayload(image, 'vmlinuz')).toThrow(/before 2.08/);
  });
});
