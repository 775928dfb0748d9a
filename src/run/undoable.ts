import { join } from 'node:path';
import { cacheFolder, runtimeFolder } from '../host/folders.ts';
import type { Undoable } from '../lab/undoable.ts';
import { irqbalance } from '../prepare/irqbalance.ts';
import { isPreparedSetting } from '../prepare/settings.ts';
import { vmFolderPrefix } from '../world/vmm-files.ts';

/** All that runs of this user make or change on the host. */
export function undoableHere(): Undoable {
  const cache = cacheFolder();
  return {
    folders: [
      { folder: runtimeFolder(), prefix: vmFolderPrefix },
      { folder: join(cache, 'jails'), prefix: vmFolderPrefix },
      { folder: join(cache, 'work'), prefix: '' },
    ],
    isSetting: isPreparedSetting,
    pausable: [irqbalance],
  };
}
