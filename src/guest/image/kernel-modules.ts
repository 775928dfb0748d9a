import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { readElf } from './elf.ts';
import { moduleDependencies, moduleName, moduleOrder } from './module-order.ts';
import { packFormatOf, unpack } from './unpack.ts';

export interface KernelModule {
  readonly name: string;
  /** Unpacked: an ELF file. */
  readonly content: Buffer;
}

/** Where an unpacked kernel package keeps its modules. */
export interface ModuleSource {
  /** `lib/modules/RELEASE` of the package. */
  readonly folder: string;
  /** For temporary files. */
  readonly workFolder: string;
}

/** What distributions append to the name of a packed module. */
const packedSuffixes = ['', '.xz', '.zst', '.gz'];

/** Path by module name, of a list that the kernel's build wrote (modules.order, modules.builtin). */
async function modulePaths(folder: string, list: string): Promise<Map<string, string>> {
  const lines = (await readFile(join(folder, list), 'utf8')).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [moduleName(basename(line).replace(/\.k?o$/, '')), line]));
}

async function readModule(source: ModuleSource, path: string): Promise<Buffer> {
  for (const suffix of packedSuffixes) {
    const bytes = await readFile(join(source.folder, path + suffix)).catch(() => null);
    const format = bytes === null ? null : packFormatOf(bytes);
    if (bytes !== null && format !== null) {
      return unpack({ bytes, format, unpackedBytes: null, file: path + suffix }, source.workFolder);
    }
  }
  throw new TapbenchError('IMAGE_FAILED', `the kernel package lists ${path} and does not hold it`);
}

/**
 * The modules of that name and all that they need, in an order in which they can be loaded. What is built into the kernel is left out.
 * Soft dependencies (`softdep=`) are not followed: the modules of a virtio network card have none.
 * @throws TapbenchError `IMAGE_FAILED` when the kernel has no module of a name; ParseError
 */
export async function loadModules(source: ModuleSource, wanted: readonly string[]): Promise<KernelModule[]> {
  const [paths, builtIn] = await Promise.all([
    modulePaths(source.folder, 'modules.order'),
    modulePaths(source.folder, 'modules.builtin'),
  ]);
  const contents = new Map<string, Buffer>();
  const dependencies = new Map<string, string[]>();
  const waiting = wanted.map(moduleName);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (contents.has(name) || builtIn.has(name)) continue;
    const path = paths.get(name);
    if (path === undefined) throw new TapbenchError('IMAGE_FAILED', `the kernel has no module ${name}`);
    const content = await readModule(source, path);
    const needed = moduleDependencies(readElf(content, path));
    contents.set(name, content);
    dependencies.set(name, needed);
    waiting.push(...needed);
  }
  return moduleOrder(wanted, dependencies).flatMap((name) => {
    const content = contents.get(name);
    return content === undefined ? [] : [{ name, content }];
  });
}
