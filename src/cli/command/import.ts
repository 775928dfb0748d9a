import { z } from 'zod';
import { importRun } from '../../api/archive.ts';
import { isNotePath } from '../../api/note-file.ts';
import { importNote } from '../../api/note-run.ts';
import { interrupts } from '../interrupts.ts';
import { readOptions } from '../options.ts';
import { complain, print } from '../output.ts';

const schema = z.object({ store: z.string().optional() });

/** `tapbench import`: the ids of the runs on stdout. The first that can't be imported ends it; those before it stay. */
export async function importCommand(files: readonly string[], given: object): Promise<void> {
  const { store } = readOptions(schema, given);
  using interrupted = interrupts();
  const { signal } = interrupted;
  for (const file of files) {
    signal.throwIfAborted();
    const { runId, status } = await (isNotePath(file) ? importNote : importRun)(file, { store, signal });
    await print(runId);
    if (status === 'already-there') complain(`${file}: the store has this run already, with the same content`);
  }
}
