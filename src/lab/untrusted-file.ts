import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

const pieceBytes = 65_536;

/**
 * Opens a file that a VMM may write, or may have put something else in the place of: through no link, without waiting for anybody.
 * @throws Error that says why it is none
 */
export function openUntrusted(path: string, access: number = constants.O_RDONLY): number {
  const descriptor = openSync(path, access | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path} is no plain file`);
}

/** How much of a file is wanted. */
interface Part {
  readonly mostBytes: number;
  /** At which end of it. */
  readonly end: 'start' | 'end';
}

/** Takes that part of a file piece by piece. */
function eachPiece(path: string, { mostBytes, end }: Part, take: (piece: Buffer) => void): void {
  const descriptor = openUntrusted(path);
  try {
    const piece = Buffer.alloc(pieceBytes);
    let place = end === 'start' ? 0 : Math.max(0, fstatSync(descriptor).size - mostBytes);
    for (let left = mostBytes; left > 0; ) {
      const bytes = readSync(descriptor, piece, 0, Math.min(left, pieceBytes), place);
      if (bytes === 0) return;
      take(piece.subarray(0, bytes));
      place += bytes;
      left -= bytes;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What stands in a file that a VMM may write: all of it, or the `mostBytes` at one end. @throws the system's error, and Error where it is no plain file */
export function readUntrusted(path: string, mostBytes: number, end: Part['end'] = 'start'): string {
  const pieces: Buffer[] = [];
  eachPiece(path, { mostBytes, end }, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString('utf8');
}

/** Copies it, into a file that is not there yet. @throws as `readUntrusted` */
export function copyUntrusted(from: string, to: string, mostBytes: number): void {
  const target = openSync(to, 'wx', 0o640);
  try {
    eachPiece(from, { mostBytes, end: 'start' }, (piece) => writeSync(target, piece));
  } finally {
    closeSync(target);
  }
}

/** Cuts off what is over. @throws as `readUntrusted` */
export function truncateUntrusted(path: string, mostBytes: number): void {
  const descriptor = openUntrusted(path, constants.O_RDWR);
  try {
    if (fstatSync(descriptor).size > mostBytes) ftruncateSync(descriptor, mostBytes);
  } finally {
    closeSync(descriptor);
  }
}
