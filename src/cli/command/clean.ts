import { join } from 'node:path';
import { undoableHere } from '../../experiment/undoable.ts';
import { removeStaleBuildFolders } from '../../guest/image/build-folder.ts';
import { imagesFolder } from '../../guest/image/image-cache.ts';
import { cacheFolder, runtimeFolder, storeFolder } from '../../host/folders.ts';
import { clean } from '../../lab/clean.ts';
import { removeDeadLock } from '../../lab/run-lock.ts';
import { leaveRuntimeFolder, ledgerFolder } from '../../lab/runtime-folder.ts';
import { levelOneFolder } from '../../nested/level-one/build.ts';
import { TapbenchError } from '../../record/error.ts';
import { removeAbandonedImports } from '../../store/import-draft.ts';
import { removeDeadConsoles } from '../keep.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';

const schema = storeOptions.pick({ store: true });

/** What builds of images and of disks for nested machines, that were killed, left in the cache. */
async function removeDeadBuilds(): Promise<string[]> {
  const folders = [imagesFolder(cacheFolder()), levelOneFolder(cacheFolder())];
  const removed = await Promise.all(
    folders.map(async (folder) => (await removeStaleBuildFolders(folder)).map((name) => join(folder, name))),
  );
  return removed.flat();
}

/** `tapbench clean` */
export async function cleanCommand(given: object): Promise<void> {
  const { store } = readOptions(schema, given);
  const { removed, left, failed, live } = await clean(ledgerFolder(runtimeFolder()), undoableHere());
  const imports = await removeAbandonedImports(storeFolder(store));
  const lines = [
    ...removed.map((text) => `removed ${text}`),
    ...removeDeadConsoles().map((path) => `removed socket ${path}`),
    ...(removeDeadLock(runtimeFolder()) ? ['removed the lock of a dead run'] : []),
    ...(await removeDeadBuilds()).map((path) => `removed half a build: ${path}`),
    ...imports.map((path) => `removed half an import: ${path}`),
    ...left.map((text) => `left alone: ${text}`),
    ...live.map(({ pid, command }) => `left alone: process ${String(pid)} lives (${command})`),
  ];
  leaveRuntimeFolder(runtimeFolder());
  await print(lines.length === 0 ? 'nothing to remove' : lines.join('\n'));
  if (failed.length > 0) throw new TapbenchError('LAB_FAILED', 'could not remove:', { lines: failed });
}
