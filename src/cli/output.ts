import { TapbenchError } from '../record/error.ts';

/** Writes to stdout and waits until it is taken: a pipe may be slow, and the process is about to exit. */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => {
      // A reader that has seen enough (`| head`) is no fault.
      if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(error);
    });
  });
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Records that could not be read. Their errors name the files. */
export function complainOfDamaged(damaged: readonly { readonly error: TapbenchError }[]): void {
  for (const { error } of damaged) complain(`tapbench: left out ${error.message}`);
}

/** An error as a person should see it; the exit status it asks for. */
export function explain(error: unknown): number {
  if (error instanceof TapbenchError) {
    complain(`tapbench: ${error.message}`);
    if (error.hint !== null) complain(`  ${error.hint}`);
    return error.exitStatus;
  }
  complain(
    `tapbench: this is a fault of tapbench itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 70;
}
