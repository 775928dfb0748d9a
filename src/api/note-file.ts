import { NoteTooLarge } from '../lab-note/note-bounds.ts';
import { type ReadNote, readNote } from '../lab-note/read-note.ts';
import { splitLines } from '../lab-note/text-lines.ts';
import { TapbenchError } from '../record/error.ts';
import { NoPlainFile, readPlainFile } from '../store/plain-file.ts';

/** What is larger was written by a program, not by a person; hostile text of this size is read within some ten seconds (`bench/fuzz/speed.ts`). */
export const mostNoteBytes = 16 * 1024 ** 2;
const mostLines = 500_000;

function refused(file: string, reason: string, cause?: unknown): TapbenchError {
  return new TapbenchError('USAGE', `${file}: ${reason}`, { hint: 'a lab note is a Markdown file', cause });
}

/** Whether a path names a lab note, by its ending. */
export function isNotePath(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path);
}

/** The text of a lab note. @throws TapbenchError `USAGE` where it is no text, or too large */
export async function readNoteText(file: string): Promise<string> {
  try {
    const text = (await readPlainFile(file, mostNoteBytes)).toString('utf8');
    if (text.includes('\0')) throw refused(file, 'is binary');
    if (splitLines(text).length > mostLines)
      throw refused(file, `has more than ${mostLines.toLocaleString('en')} lines`);
    return text;
  } catch (cause) {
    if (cause instanceof TapbenchError) throw cause;
    if (cause instanceof NoPlainFile) throw refused(file, cause.message, cause);
    throw refused(file, `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** A lab note, read. @throws TapbenchError `USAGE` where it has more in it than a note can have */
export function noteOf(file: string, text: string): ReadNote {
  try {
    return readNote(text);
  } catch (cause) {
    if (cause instanceof NoteTooLarge) throw refused(file, cause.message, cause);
    throw cause;
  }
}
