import { layout } from '../layout.ts';
import { isFolderName } from '../run-id.ts';

const mostPathBytes = 1_024;
/** NAME_MAX (limits.h). */
const mostNameBytes = 255;
/** Folders below each other; tapbench itself makes three. */
const mostNames = 16;

/** Names that only mean something in the store that they lie in. */
export const ownNames: readonly string[] = [layout.imported, layout.tagsLock];

const endPattern = /^end-\d+\.json$/;
const recordPattern = /^(run\.json|end-\d+\.json|trials\/[^/]+\/trial\.json)$/;

/** Whether a file is one of the records that a run consists of: equal records, equal run. */
export function isRecordPath(path: string): boolean {
  return recordPattern.test(path);
}

/** Whether a file says how a session of a run ended. */
export function isEndPath(path: string): boolean {
  return endPattern.test(path);
}

function isPlainName(name: string): boolean {
  const isTooLong = Buffer.byteLength(name) > mostNameBytes;
  return name !== '' && name !== '.' && name !== '..' && !isTooLong && !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\\/]/u.test(name);
}

/** Whether a path stays inside of the folder of its run, and can be written there and shown. */
export function isPlainPath(path: string): boolean {
  const names = path.split('/');
  return Buffer.byteLength(path) <= mostPathBytes && names.length <= mostNames && names.every(isPlainName);
}

/** Where readers expect a file: it is no folder. */
function isFileOfRun(name: string): boolean {
  const files: readonly string[] = [layout.header, layout.tags, layout.note, layout.imported, layout.tagsLock];
  return files.includes(name) || endPattern.test(name);
}

/** Whether a file of a run can have this path: files and folders where readers expect them. Beside those users may put files of their own. */
export function isRunPath(path: string): boolean {
  const names = path.split('/');
  const [first = '', second = '', third = ''] = names;
  if (!isPlainPath(path) || ownNames.includes(path)) return false;
  if (names.length > 1 && isFileOfRun(first)) return false;
  if (first !== layout.trials && first !== layout.abandoned) return true;
  return names.length > 2 && isFolderName(second) && (names.length === 3 || third !== layout.trial);
}
