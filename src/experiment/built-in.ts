import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TapbenchError } from '../record/error.ts';

const extension = '.yaml';

/** The experiment that runs where none is named. */
export const defaultExperiment = 'vm-to-host';

/**
 * The folder of the package that a module is part of: the nearest one upwards that has both package.json and experiments/.
 * It is the same from `src/` and from `dist/src/`.
 * @throws TapbenchError `EXPERIMENT_INVALID` where the installation has lost its experiments
 */
export function packageRoot(moduleUrl: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  for (;;) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'experiments'))) return folder;
    const parent = dirname(folder);
    if (parent === folder) {
      throw new TapbenchError('EXPERIMENT_INVALID', `no experiments/ folder above ${fileURLToPath(moduleUrl)}`, {
        hint: 'This installation of tapbench is incomplete: install it again.',
      });
    }
    folder = parent;
  }
}

/** Names of the experiments that come with tapbench, sorted. */
export function builtInNames(root: string = packageRoot()): string[] {
  return readdirSync(join(root, 'experiments'))
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

/** The file of a built-in experiment; null where there is none of that name. */
export function builtInFile(name: string, root: string = packageRoot()): string | null {
  return builtInNames(root).includes(name) ? join(root, 'experiments', `${name}${extension}`) : null;
}
