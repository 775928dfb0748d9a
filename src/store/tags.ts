import { join } from 'node:path';
import { z } from 'zod';
import { TapbenchError } from '../record/error.ts';
import { schemaVersion } from '../record/run.ts';
import { writeDurably } from './durable-file.ts';
import { withFileLock } from './file-lock.ts';
import { layout } from './layout.ts';
import { problemOf } from './plain-file.ts';
import { recordText } from './record-text.ts';
import { readRecord } from './stored-record.ts';

const tagPattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** `tags.json`: the one record of a run that may change. */
export const storedTags = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  tags: z.array(z.string().regex(tagPattern, { abort: true })),
});

/** @throws TapbenchError `USAGE` where a text can't be a tag */
export function checkTag(text: string): string {
  if (tagPattern.test(text)) return text;
  throw new TapbenchError('USAGE', `${JSON.stringify(text)} can't be a tag`, {
    hint: 'A tag is 1 to 64 letters, digits and any of . _ : / - and begins with a letter or a digit.',
  });
}

/**
 * The tags of a run, sorted; none where it never had any.
 * @throws TapbenchError `RECORD_INVALID` or `STORE_FAILED` where `tags.json` can't be used
 */
export async function readTags(runFolder: string): Promise<string[]> {
  const file = join(runFolder, layout.tags);
  return problemOf(file) === 'absent' ? [] : (await readRecord(file, storedTags)).tags;
}

export interface TagChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * Adds and removes tags of a run, and gives what it has then, sorted. Two that do so at once don't lose each other's.
 * @throws TapbenchError `USAGE` for a text that is no tag, `RECORD_INVALID` or `STORE_FAILED`
 */
export async function changeTags(runFolder: string, changes: TagChanges): Promise<string[]> {
  for (const tag of [...changes.add, ...changes.remove]) checkTag(tag);
  return await withFileLock(join(runFolder, layout.tagsLock), async () => {
    const before = await readTags(runFolder);
    const after = [...new Set([...before, ...changes.add])].filter((tag) => !changes.remove.includes(tag)).sort();
    if (after.join() !== before.join()) {
      await writeDurably(join(runFolder, layout.tags), recordText({ schemaVersion, tags: after }));
    }
    return after;
  });
}
