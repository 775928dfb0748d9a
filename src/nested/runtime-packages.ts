import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageFile = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

async function dependenciesOf(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { dependencies, optionalDependencies } = packageFile.parse(JSON.parse(text));
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
}

/** Where Node finds a package from a folder: the nearest node_modules upwards that has it; null where none has. */
async function resolvePackage(from: string, name: string): Promise<string | null> {
  const folder = join(from, 'node_modules', name);
  const isHere = await access(join(folder, 'package.json')).then(
    () => true,
    () => false,
  );
  if (isHere) return folder;
  return dirname(from) === from ? null : await resolvePackage(dirname(from), name);
}

/** The folders of all packages that the package in a folder needs to run, and those that they need, sorted. Optional ones may be absent. */
export async function runtimePackages(root: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const from = folder;
    const names = await dependenciesOf(folder);
    const folders = await Promise.all(names.map(async (name) => await resolvePackage(from, name)));
    for (const next of folders) {
      if (next === null || found.has(next)) continue;
      found.add(next);
      waiting.push(next);
    }
  }
  return [...found].sort();
}
