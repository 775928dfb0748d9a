import { gunzipSync } from 'node:zlib';
import { TapbenchError } from '../record/error.ts';
import type { Frame } from './frame.ts';

/** The frame of a reply. */
export type ReplyFrame = Extract<Frame, { kind: 'reply' }>;

/** What a request brought back. `files` are the guest's files one by one, or null where they were too large for the console. */
export interface Reply {
  readonly status: number;
  readonly files: readonly string[] | null;
  readonly sizes: readonly number[];
}

/** init.sh sends no more than this in a reply. */
const inlineLimitBytes = 65_536;

/** The files of a reply one after another. gzip's own checksum and length are checked with it; null where they are wrong. */
function unpacked(body: string, expected: number): Buffer | null {
  if (expected > inlineLimitBytes) return null;
  try {
    const bytes = gunzipSync(Buffer.from(body, 'base64'), { maxOutputLength: inlineLimitBytes });
    return bytes.length === expected ? bytes : null;
  } catch {
    return null;
  }
}

/** @throws TapbenchError `CHANNEL_FAILED` for a damaged one */
export function decode(frame: ReplyFrame): Reply {
  const { status, sizes } = frame;
  if (frame.form === 'large') return { status, sizes, files: null };
  if (frame.form === 'none') return { status, sizes, files: sizes.map(() => '') };
  const bytes = unpacked(
    frame.body,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  if (bytes === null) {
    throw new TapbenchError('CHANNEL_FAILED', `reply ${String(frame.id)} was damaged on the guest's console`, {
      hint: 'something else wrote on the console: see console.log of the trial',
    });
  }
  let offset = 0;
  const files = sizes.map((size) => bytes.toString('utf8', offset, (offset += size)));
  return { status, sizes, files };
}
