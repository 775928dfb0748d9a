import { join } from 'node:path';
import { removeStaleBuildFolders } from '../../guest/image/build-folder.ts';
import { imagesFolder } from '../../guest/image/image-cache.ts';
import { cacheFolder, runtimeFolder, storeFolder } from '../../host/folders.ts';
import { clean } from '../../lab/clean.ts';
import { removeDeadLock } from '../../lab/run-lock.ts';
import { leaveRuntimeFolder, ledgerFolder } from '../../lab/runtime-folder.ts';
import { levelOneFolder } from '../../nested/level-one/build.ts';
import { TapbenchError } from '../../record/error.ts';
import { undoableHere } from '../../run/undoable.ts';
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

/** What imports that were killed left. A store that can't be looked into must not keep the rest from being removed. */
async function removeImports(store: string): Promise<{ removed: readonly string[]; failed: readonly string[] }> {
  try {
    return { removed: await removeAbandonedImports(store), failed: [] };
  } catch (cause) {
    if (!(cause instanceof TapbenchError)) throw cause;
    return { removed: [], failed: [cause.message] };
  }
}

/** `tapbench clean` */
export async function cleanCommand(given: object): Promise<void> {
  const { store } = readOptions(schema, given);
  const { removed, left, failed, live } = await clean(ledgerFolder(runtimeFolder()), undoableHere());
  const imports = await removeImports(storeFolder(store));
  const lines = [
    ...removed.map((text) => `removed ${text}`),
    ...removeDeadConsoles().map((path) => `removed socket ${path}`),
    ...(removeDeadLock(runtimeFolder()) ? ['removed the lock of a dead run'] : []),
    ...(await removeDeadBuilds()).map((path) => `removed half a build: ${path}`),
    ...imports.removed.map((path) => `removed half an import: ${path}`),
    ...left.map((text) => `left alone: ${text}`),
    ...live.map(({ pid, command }) => `left alone: process ${String(pid)} lives (${command})`),
  ];
  leaveRuntimeFolder(runtimeFolder());
  await print(lines.length === 0 ? 'nothing to remove' : lines.join('\n'));
  const lost = [...failed, ...imports.failed];
  if (lost.length > 0) throw new TapbenchError('LAB_FAILED', 'could not remove:', { lines: lost });
}
