import { randomBytes } from 'node:crypto';
import { folderNamePattern } from '../record/folder-name.ts';

/** `20261122T224533Z-vm-to-host-ab12`: what `newRunId` makes, and nothing else. */
const runIdPattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-\w(?:[\w.-]{0,38}\w)?-[0-9a-f]{4}$/;

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

/** When the run of an id began, ms since 1970, to the second; null for what is no id of a run. */
export function startOfRunId(text: string): number | null {
  const [, year, month, day, hour, minute, second] = runIdPattern.exec(text) ?? [];
  const moment = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.000Z`;
  const ms = Date.parse(moment);
  // A day that there is not is another day to Date.parse, or none.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== moment ? null : ms;
}

/**
 * When a run began, ms since 1970: by its record, else by its id; null where neither says it.
 * @param startedAt ISO 8601; null: not known
 */
export function startOfRun(runId: string, startedAt: string | null): number | null {
  const ms = startedAt === null ? Number.NaN : Date.parse(startedAt);
  return Number.isNaN(ms) ? startOfRunId(runId) : ms;
}

export function isRunId(text: string): boolean {
  return startOfRunId(text) !== null;
}

/** Whether an id can stand as a folder name as it is. */
export function isFolderName(text: string): boolean {
  return folderNamePattern.test(text);
}
