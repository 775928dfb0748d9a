import { TapbenchError } from '../record/error.ts';
import { firstError } from '../record/first-error.ts';
import { writeOutputText } from '../store/output-file.ts';
import { interrupts } from './interrupts.ts';
import { documentText, logLine } from './log-text.ts';
import { stdoutLook } from './terminal.ts';

let isReaderGone = false;

/** Whether who reads stdout has seen enough (`| head`): nothing more is to be made for it. */
export function hasReaderGone(): boolean {
  return isReaderGone;
}

/**
 * Writes to stdout and waits until it is taken: a pipe may be slow, and the process is about to exit. A reader that has seen enough is no fault.
 * @throws TapbenchError `OUTPUT_FAILED`
 */
export async function print(text: string): Promise<void> {
  if (isReaderGone) return;
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(documentText(text.endsWith('\n') ? text : `${text}\n`, stdoutLook().isColor), (error) => {
      if (error === null || error === undefined) resolve();
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
        isReaderGone = true;
        resolve();
      } else {
        const hint = 'What was stored before stays stored: tapbench show latest';
        reject(new TapbenchError('OUTPUT_FAILED', `stdout can't be written: ${error.message}`, { hint, cause: error }));
      }
    });
  });
}

/**
 * Writes where `--output` says. A signal meanwhile leaves nothing.
 * @throws TapbenchError as `writeOutputText`, `INTERRUPTED`
 */
export async function writeDocument(output: string, text: string): Promise<void> {
  using interrupted = interrupts();
  await writeOutputText(output, text, interrupted.signal);
}

/** Writes one line to stderr. Texts from outside in it can't make another. */
export function complain(text: string): void {
  process.stderr.write(`${logLine(text)}\n`);
}

/** The same for a text that is of several lines by itself. */
export function complainLines(text: string): void {
  for (const line of text.split('\n')) complain(line);
}

/** Records that could not be read. Their errors name the files. */
export function complainOfDamaged(damaged: readonly { readonly error: TapbenchError }[]): void {
  for (const { error } of damaged) complain(`tapbench: left out ${error.message}`);
}

/** What V8 says where a text gets longer than it can hold: some 512 million characters. */
const tooLong = 'Invalid string length';

/** As what is meant for people: a document of any number of records may be too long to be made. */
function meant(error: unknown): unknown {
  if (!(error instanceof RangeError) || error.message !== tooLong) return error;
  return new TapbenchError('OUTPUT_FAILED', 'the output would be longer than 512 million characters', {
    hint: 'ask for less at a time: one run, or a table with tapbench export',
    cause: error,
  });
}

/** An error as a person should see it; the exit status it asks for. */
export function explain(thrown: unknown): number {
  const error = firstError(meant(thrown));
  if (error instanceof TapbenchError) {
    const [first = '', ...others] = error.lines;
    complain(`tapbench: ${first}`);
    for (const line of others) complain(line);
    if (error.hint !== null) complain(`  ${error.hint}`);
    return error.exitStatus;
  }
  complainLines(
    `tapbench: this is a fault of tapbench itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 70;
}
