import { z } from 'zod';
import { checkNote } from '../../api/note-check.ts';
import { noteOf, readNoteText } from '../../api/note-file.ts';
import { noteTemplateOf } from '../../api/note-template.ts';
import { noteCheckText } from '../../report/note/check.ts';
import { noteReport } from '../../report/note/terminal.ts';
import { jsonText } from '../../report/text/printable.ts';
import { choiceOf, experimentFlags } from '../experiment-flags.ts';
import { readOptions } from '../options.ts';
import { print } from '../output.ts';
import { stdoutLook } from '../terminal.ts';

const schema = z.object({ json: z.boolean().default(false) });

/** `tapbench notes read` */
export async function notesReadCommand(file: string, given: object): Promise<void> {
  const { json } = readOptions(schema, given);
  const note = noteOf(file, await readNoteText(file));
  await print(json ? jsonText(note, 2) : noteReport(note, stdoutLook()));
}

/** `tapbench notes template` */
export async function notesTemplateCommand(experiment: string | null, given: object): Promise<void> {
  await print(await noteTemplateOf(choiceOf(experiment, readOptions(experimentFlags, given))));
}

/** As of a run that has a void trial: a figure of the note contradicts itself. */
const noteIsVoid = 4;

/** `tapbench notes check` */
export async function notesCheckCommand(file: string, given: object): Promise<void> {
  const { json } = readOptions(schema, given);
  const check = await checkNote(file);
  await print(json ? jsonText(check, 2) : noteCheckText(check, stdoutLook()));
  if (check.remarks.some(({ level }) => level === 'void')) process.exitCode = noteIsVoid;
}
