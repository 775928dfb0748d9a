import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { fileMode, folderMode } from './modes.ts';

/** Makes a folder inside that of a trial. @throws the system's error */
export function makeRawFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: folderMode });
}

/** Keeps what was gathered in the folder of a trial, word for word. @throws the system's error */
export function writeRawFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: fileMode });
}

/** A file that grows bit by bit. Disposing ends it. */
export interface RawFile extends AsyncDisposable {
  write(text: string): void;
}

/**
 * The same for what comes bit by bit, perhaps without end: what is over `mostBytes` is left out, and the file says so. A full disk loses
 * what comes: whoever must write fails by himself.
 */
export function rawFile(path: string, mostBytes: number): RawFile {
  const stream = createWriteStream(path, { mode: fileMode });
  stream.on('error', () => undefined);
  let left = mostBytes;
  return {
    write: (text) => {
      if (left <= 0) return;
      left -= Buffer.byteLength(text);
      stream.write(left > 0 ? text : `${text}\n[the rest is left out: it is over ${String(mostBytes)} bytes]\n`);
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((resolve) => stream.end(resolve));
    },
  };
}
