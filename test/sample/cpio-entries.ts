import { expect } from 'vitest';

interface CpioEntry {
  readonly path: string;
  /** Inode, mode, uid, gid, links, mtime, size, device major, minor, own device major, minor, name size, checksum. */
  readonly fields: readonly number[];
  readonly content: string;
}

/** Reads an archive by cpio(5), with offsets of its own. */
export function cpioEntries(archive: Buffer): CpioEntry[] {
  const entries: CpioEntry[] = [];
  const aligned = (at: number) => (at + 3) & ~3;
  for (let at = 0; ; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const fields = Array.from({ length: 13 }, (_, index) =>
      parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16),
    );
    const [size, nameSize] = [fields[6] ?? 0, fields[11] ?? 0];
    const path = archive.toString('utf8', at + 110, at + 110 + nameSize - 1);
    if (path === 'TRAILER!!!') return entries;
    const data = aligned(at + 110 + nameSize);
    entries.push({ path, fields, content: archive.toString('utf8', data, data + size) });
    at = aligned(data + size);
  }
}
