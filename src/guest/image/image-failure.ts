import { TapbenchError } from '../../record/error.ts';
import { firstError } from '../../record/first-error.ts';

/** What the words of a failed program or system call mean for the user, first match wins. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /ENOSPC|No space left on device|not enough free space|EDQUOT/i,
    'free some space for the cache folder (an image takes 90 MB, its build 150 MB more), or set XDG_CACHE_HOME',
  ],
  [/EACCES|EPERM|EROFS|Permission denied/, 'the cache folder must be writable: set XDG_CACHE_HOME to one that is'],
  [
    /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Connection (failed|timed out|refused)|Network is unreachable/i,
    "the package archive can't be reached: check the network and apt's proxy",
  ],
  [
    /No packages found|Unable to locate package|Unable to find a source|404 +Not Found|Failed to fetch/i,
    'apt-get update',
  ],
  [/not ended after/, 'the package archive answers too slowly: try again'],
];

/** All that an error and its causes say, system call codes included. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return `${code} ${error.message} ${wordsOf(error.cause)}`;
}

/** What the user can do about an error, as far as its words tell. */
export function hintFor(error: unknown): string | null {
  const words = wordsOf(error);
  return hints.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** An `IMAGE_FAILED` that says what was being done when `cause` happened. One that already is an `IMAGE_FAILED` is given back as it is. */
export function imageFailure(doing: string, thrown: unknown): TapbenchError {
  const cause = firstError(thrown);
  if (cause instanceof TapbenchError && (cause.code === 'IMAGE_FAILED' || cause.code === 'INTERRUPTED')) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const hint = hintFor(cause);
  return new TapbenchError('IMAGE_FAILED', `${doing}: ${message}`, { cause, ...(hint === null ? {} : { hint }) });
}
