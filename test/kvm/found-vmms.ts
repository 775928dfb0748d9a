import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { nestedPaths } from '../../src/nested/job.ts';
import { drivers } from '../../src/vmm/drivers.ts';

/** A VMM of the folder that is carried into the nested machine. */
export interface FoundVmm {
  readonly kind: string;
  /** Path below the folder. */
  readonly name: string;
  /** Its path in the nested machine. */
  readonly binary: string;
  /** Whether its jailer lies beside it. */
  readonly hasJailer: boolean;
}

/** Every program in a folder, folders in it too, that has the name of a VMM other than QEMU; none for no folder. */
export async function foundVmms(folder: string | undefined): Promise<FoundVmm[]> {
  if (folder === undefined) return [];
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const kinds = [...drivers.values()].filter(({ kind }) => kind !== 'qemu');
  return files
    .flatMap((file) => {
      const kind = kinds.find(({ binaryNames }) => file.isFile() && binaryNames.includes(file.name))?.kind;
      if (kind === undefined) return [];
      const name = relative(folder, join(file.parentPath, file.name));
      const hasJailer = files.some((other) => other.name === 'jailer' && other.parentPath === file.parentPath);
      return [{ kind, name, binary: join(nestedPaths.vmms, name), hasJailer }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
