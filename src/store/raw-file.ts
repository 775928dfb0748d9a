import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { fileMode, folderMode } from './modes.ts';

/** Makes a folder inside that of a trial. @throws the system's error */
export function makeRawFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: folderMode });
}

/** Keeps what was gathered in the folder of a trial, word for word. @throws the system's error */
export function writeRawFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: fileMode });
}

/** The same for what comes bit by bit. */
export function rawFileStream(path: string): WriteStream {
  return createWriteStream(path, { mode: fileMode });
}
