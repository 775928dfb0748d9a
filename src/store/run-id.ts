import { randomBytes } from 'node:crypto';

/** `20261122T224533Z-vm-to-host-ab12` */
const runIdPattern = /^\d{8}T\d{6}Z-[A-Za-z0-9._-]+-[0-9a-f]{4}$/;
/** Anything that may be one folder name of ours: no separator, no leading dot. */
const folderNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

/** Longest part of the experiment's name in an id. */
const nameCharacters = 40;

/**
 * A new id of a run: sorts by start, says what it is, and ends in random digits.
 * @param startedAt ISO 8601 with `Z`
 */
export function newRunId(startedAt: string, experimentName: string): string {
  const stamp = new Date(startedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const slug = experimentName
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, nameCharacters)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${stamp}-${slug === '' ? 'run' : slug}-${randomBytes(2).toString('hex')}`;
}

export function isRunId(text: string): boolean {
  return runIdPattern.test(text);
}

/** Whether an id can stand as a folder name as it is. */
export function isFolderName(text: string): boolean {
  return folderNamePattern.test(text);
}
