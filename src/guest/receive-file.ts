import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TapbenchError } from '../record/error.ts';

export interface ReceiveLimits {
  /** More than these are not taken. */
  readonly mostBytes: number;
  /** By then it must have come whole. */
  readonly deadlineMs: number;
}

function counted(mostBytes: number, onPiece: (piece: Buffer) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes > mostBytes) {
        done(
          new TapbenchError('CHANNEL_FAILED', `the guest sent more than the ${String(mostBytes)} bytes that it may`),
        );
        return;
      }
      onPiece(piece);
      done(null, piece);
    },
  });
}

/**
 * Writes what a guest sends into a file.
 * @returns its md5
 * @throws TapbenchError `CHANNEL_FAILED` where it is too much or does not end; what the file system throws
 */
export async function receiveFile(source: Readable, to: string, limits: ReceiveLimits): Promise<string> {
  const hash = createHash('md5');
  const tap = counted(limits.mostBytes, (piece) => hash.update(piece));
  const signal = AbortSignal.timeout(limits.deadlineMs);
  try {
    await pipeline(source, tap, createWriteStream(to, { mode: 0o640 }), { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    const message = `the guest did not end what it sent within ${String(limits.deadlineMs)} ms`;
    throw new TapbenchError('CHANNEL_FAILED', message, { cause });
  }
  return hash.digest('hex');
}
