import { open } from 'node:fs/promises';
import { z } from 'zod';
import { noteTemplateOf } from '../../api/note-template.ts';
import { readNote } from '../../lab-note/read-note.ts';
import { TapbenchError } from '../../record/error.ts';
import { noteReport } from '../../report/note-terminal.ts';
import { choiceOf, experimentFlags } from '../experiment-flags.ts';
import { readOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const schema = z.object({ json: z.boolean().default(false) });

/** Six times the largest that is read within a second. Text of that size was written by a program, not by a person. */
const mostBytes = 64 * 1024 ** 2;

function refused(file: string, reason: string, cause?: unknown): TapbenchError {
  return new TapbenchError('USAGE', `${file}: ${reason}`, { hint: 'a lab note is a Markdown file', cause });
}

/** @throws TapbenchError `USAGE` where it is no text, or too large */
async function noteText(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const stat = await handle.stat();
    if (!stat.isFile()) throw refused(file, 'is no file');
    if (stat.size > mostBytes) throw refused(file, `is larger than ${String(mostBytes / 1024 ** 2)} MiB`);
    const text = await handle.readFile('utf8');
    if (text.includes('\0')) throw refused(file, 'is binary');
    return text;
  } catch (cause) {
    if (cause instanceof TapbenchError) throw cause;
    throw refused(file, `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** `tapbench notes read` */
export async function notesReadCommand(file: string, given: object): Promise<void> {
  const { json } = readOptions(schema, given);
  const note = readNote(await noteText(file));
  await print(json ? JSON.stringify(note, null, 2) : noteReport(note, stdoutLook()));
}

/** `tapbench notes template` */
export async function notesTemplateCommand(experiment: string | null, given: object): Promise<void> {
  await print(await noteTemplateOf(choiceOf(experiment, readOptions(experimentFlags, given))));
}
