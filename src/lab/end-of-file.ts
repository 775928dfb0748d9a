import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last bytes of a file as text, at most `limit`; nothing where it is gone. */
export function endOfFile(path: string, limit: number): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, limit));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, size - bytes.length)).toString();
  } finally {
    closeSync(file);
  }
}
