import { TapbenchError } from '../../record/error.ts';
import { type Elf, elfSection } from './elf.ts';

/** `virtio-net` and `virtio_net` are the same module: the kernel writes the second. */
export function moduleName(text: string): string {
  return text.replaceAll('-', '_');
}

/** A field of the .modinfo section of a module, written by the kernel's modpost; empty where it is not there. */
function moduleField(module: Elf, name: string): string {
  const fields = elfSection(module, '.modinfo')?.toString('latin1').split('\0') ?? [];
  return fields.find((field) => field.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** The release of the kernel that a module is for; null where it does not say. Another one refuses it (same_magic of kernel/module/main.c). */
export function moduleRelease(module: Elf): string | null {
  const [release = ''] = moduleField(module, 'vermagic').split(' ');
  return release === '' ? null : release;
}

/** The modules that a module needs loaded before it. */
export function moduleDependencies(module: Elf): string[] {
  return moduleField(module, 'depends')
    .split(',')
    .filter((name) => name !== '')
    .map(moduleName);
}

/**
 * An order in which modules can be loaded one after another: what a module needs stands before it, each name once.
 * @param wanted in the order in which they are wished
 * @param dependencies of each module; what is not in it is built into the kernel and left out
 * @throws TapbenchError `IMAGE_FAILED` when modules need each other in a circle
 */
export function moduleOrder(wanted: readonly string[], dependencies: ReadonlyMap<string, readonly string[]>): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      throw new TapbenchError('IMAGE_FAILED', `kernel modules need each other: ${[...path, name].join(' -> ')}`);
    }
    const needed = dependencies.get(name);
    if (needed === undefined || order.includes(name)) return;
    for (const dependency of needed) visit(dependency, [...path, name]);
    order.push(name);
  };
  for (const name of wanted) visit(moduleName(name), []);
  return order;
}
