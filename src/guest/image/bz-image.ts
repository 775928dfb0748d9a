import { ParseError } from '../../record/error.ts';
import { type Elf, readElf } from './elf.ts';
import { type Packed, type PackFormat, packFormatOf, unpack } from './unpack.ts';

// Offsets of the setup header: Documentation/arch/x86/boot.rst of the kernel.
const setupSectorsAt = 0x1f1;
const magicAt = 0x202;
const versionAt = 0x206;
const payloadOffsetAt = 0x248;
const payloadLengthAt = 0x24c;
const sectorBytes = 512;
/** `HdrS`. */
const magic = 0x53726448;
/** Protocol 2.08 brought payload_offset and payload_length. */
const leastVersion = 0x0208;
/** Where setup_sects is 0, it means 4. */
const oldSetupSectors = 4;
/** The output's size stands in the last 4 bytes of the payload: as ISIZE in gzip, put there by the kernel's build for the others. */
const sizeBytes = 4;

/** The packed kernel inside a bzImage. @throws ParseError */
export function kernelPayload(bzImage: Buffer, file: string): Packed {
  if (bzImage.length < payloadLengthAt + 4 || bzImage.readUInt32LE(magicAt) !== magic) {
    throw new ParseError({ file, path: 'byte 0x202' }, 'not a Linux boot image (no HdrS)');
  }
  if (bzImage.readUInt16LE(versionAt) < leastVersion) {
    throw new ParseError(
      { file, path: 'byte 0x206' },
      'a boot protocol before 2.08, which does not say where the kernel is',
    );
  }
  const setupSectors = bzImage[setupSectorsAt] ?? 0;
  const protectedModeAt = ((setupSectors === 0 ? oldSetupSectors : setupSectors) + 1) * sectorBytes;
  const start = protectedModeAt + bzImage.readUInt32LE(payloadOffsetAt);
  const end = start + bzImage.readUInt32LE(payloadLengthAt);
  if (end > bzImage.length || end - start < sizeBytes) {
    throw new ParseError(
      { file, path: 'byte 0x248' },
      `the kernel in it is cut off (${bzImage.length} of ${end} bytes)`,
    );
  }
  const payload = bzImage.subarray(start, end);
  const format = packFormatOf(payload);
  if (format === null) {
    const first = payload.toString('hex', 0, 6);
    throw new ParseError({ file, path: `byte ${start}` }, `the kernel is packed in a way not known here (${first}...)`);
  }
  const isWhole = format === 'gzip' || format === 'none';
  return {
    bytes: isWhole ? payload : payload.subarray(0, -sizeBytes),
    format,
    unpackedBytes: format === 'none' ? null : payload.readUInt32LE(payload.length - sizeBytes),
    file,
  };
}

/**
 * The ELF kernel inside a bzImage, for VMMs that boot only that.
 * @param folder for temporary files
 * @throws ParseError when it is no bzImage, is damaged, or holds no ELF kernel
 */
export async function extractVmlinux(
  bzImage: Buffer,
  where: { readonly file: string; readonly folder: string },
): Promise<{ readonly elf: Elf; readonly format: PackFormat }> {
  const payload = kernelPayload(bzImage, where.file);
  const vmlinux = await unpack(payload, where.folder);
  if (payload.unpackedBytes !== null && vmlinux.length !== payload.unpackedBytes) {
    const sizes = `${vmlinux.length} bytes where ${payload.unpackedBytes} were said`;
    throw new ParseError({ file: where.file, path: 'payload' }, `the kernel unpacks to ${sizes}`);
  }
  return { elf: readElf(vmlinux, `${where.file} (unpacked)`), format: payload.format };
}
