import { storeFolder } from '../host/folders.ts';
import { Store } from '../store/store.ts';
import { changeTags, readTags, type TagChanges } from '../store/tags.ts';
import type { StoreOptions } from './store-options.ts';

/**
 * Adds and removes tags of a run; what it has then, sorted. Without changes: what it has.
 * @param text id, the beginning of one, `latest`, or a path
 * @throws TapbenchError `RUN_NOT_FOUND`, `USAGE` for a text that is no tag, `RECORD_INVALID`, `STORE_FAILED`
 */
export async function tagRun(
  text: string,
  changes: Partial<TagChanges>,
  options: StoreOptions = {},
): Promise<readonly string[]> {
  const { folder } = await Store.open(storeFolder(options.store)).resolveRun(text, options.onNotice);
  const { add = [], remove = [] } = changes;
  return add.length + remove.length === 0 ? await readTags(folder) : await changeTags(folder, { add, remove });
}
