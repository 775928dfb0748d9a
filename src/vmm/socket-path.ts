import { TapbenchError } from '../record/error.ts';

/** Longest path of a Unix socket: sun_path of unix(7) without its final zero. */
const longestSocketPath = 107;

/**
 * The path of a socket, if a socket can have it.
 * @param hint what makes it shorter
 * @throws TapbenchError `VMM_FAILED`
 */
export function socketPath(path: string, hint: string): string {
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  throw new TapbenchError('VMM_FAILED', `the path of its socket is longer than a socket's may be: ${path}`, { hint });
}
