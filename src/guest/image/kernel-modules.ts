import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
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
  const lines = (await readPlain(join(folder, list)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => [moduleName(basename(line).replace(/\.k?o$/, '')), line]));
}

/** A larger module does not exist, and a pipe would never end. */
const mostModuleBytes = 256 * 1024 ** 2;

async function readPlain(path: string): Promise<Buffer> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > mostModuleBytes) throw new TapbenchError('IMAGE_FAILED', `${path} is no module`);
  return await file.readFile();
}

async function readModule(source: ModuleSource, path: string): Promise<Buffer> {
  for (const suffix of packedSuffixes) {
    const bytes = await readPlain(join(source.folder, path + suffix)).catch(() => null);
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
 * @param options.canLack whether one that the kernel does not have is left out
 * @throws TapbenchError `IMAGE_FAILED` when the kernel has no module of a name; ParseError
 */
export async function loadModules(
  source: ModuleSource,
  wanted: readonly string[],
  { canLack = false }: { readonly canLack?: boolean } = {},
): Promise<KernelModule[]> {
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
    if (path === undefined && canLack) continue;
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
