import { z } from 'zod';
import { tagRun } from '../../api/tag.ts';
import { jsonText } from '../../report/text/printable.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';

const schema = storeOptions.extend({ remove: z.array(z.string()).default([]) });

/** `tapbench tag` */
export async function tagCommand(run: string, add: readonly string[], given: object): Promise<void> {
  const { store, json, remove } = readOptions(schema, given);
  const tags = await tagRun(run, { add, remove }, { store, onNotice: notice });
  if (json) await print(jsonText(tags));
  else if (tags.length > 0) await print(tags.join('\n'));
}
