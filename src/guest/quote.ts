import { TapbenchError } from '../record/error.ts';

/**
 * A command as text for a POSIX shell, on one line.
 * @throws TapbenchError `CHANNEL_FAILED` for control characters: a request is one line of a console
 */
export function quote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/\p{Cc}/u.test(word)) {
    throw new TapbenchError(
      'CHANNEL_FAILED',
      `a control character in ${JSON.stringify(word)} can't be sent to a guest`,
    );
  }
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
