import { TapbenchError } from '../record/error.ts';

/** What to do about an error of the file system, by its errno name (errno(3)). */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, or put the store on another disk with --store DIR.',
  EDQUOT: 'The disk quota is used up: free some space, or put the store elsewhere with --store DIR.',
  EFBIG: 'The file grew past a limit of this machine (ulimit -f) or of its file system.',
  EACCES: 'No permission: choose a folder of yours with --store DIR.',
  EPERM: 'No permission: choose a folder of yours with --store DIR.',
  EROFS: 'The file system is read-only: choose another folder with --store DIR.',
  ENOTDIR: 'A part of the path is a file: choose another folder with --store DIR.',
  EMFILE: 'Too many open files: raise ulimit -n.',
  EIO: 'The disk reports an error: look at dmesg before you trust it again.',
};

/** The errno name of an error of the file system; null for any other error. */
export function errnoOf(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
}

/** An error of the store with what to do about it. An error that already says so goes through as it is. */
export function storeFailed(what: string, cause: unknown): TapbenchError {
  if (cause instanceof TapbenchError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = hints[errnoOf(cause) ?? ''];
  return new TapbenchError('STORE_FAILED', `${what}: ${reason}`, hint === undefined ? { cause } : { cause, hint });
}
