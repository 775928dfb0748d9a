import { TapbenchError } from '../../record/error.ts';
import type { RootfsType } from '../rootfs/file-system.ts';
import { cpioOf } from './cpio.ts';
import { readElf } from './elf.ts';
import type { GuestImage } from './image-cache.ts';
import { initramfsTree, type ModuleGroup, readHostFiles } from './initramfs.ts';
import { moduleRelease } from './module-order.ts';
import { loadGroups, rootfsModules, type WantedModules } from './unpacked-kernel.ts';

export interface OwnInitramfs {
  /** Whose tools it has. */
  readonly image: GuestImage;
  /** Text of /init. */
  readonly initScript: string;
  /** What mounts a root file system of the user's own, of which type; null: there is none. */
  readonly rootfs: { readonly script: string; readonly type: RootfsType } | null;
  /** `lib/modules/RELEASE` of the user's own kernel; null: it has all that is needed built in. */
  readonly modules: string | null;
  /** Of the user's own kernel; null: it does not say. */
  readonly release: string | null;
  /** For temporary files. */
  readonly workFolder: string;
}

/** What the user's own kernel must have as a module, where it is not built in. Of the two ways to a device, one is enough. */
function wantedOf(type: RootfsType | null): WantedModules[] {
  const base: WantedModules[] = [
    { folder: 'modules', needed: ['virtio_net'], perhaps: ['virtio_mmio'] },
    { folder: 'modules/pci', needed: [], perhaps: ['virtio_pci'] },
  ];
  return type === null ? base : [...base, ...rootfsModules([type])];
}

/** @throws TapbenchError `IMAGE_FAILED` for modules of another kernel */
function demandRelease(groups: readonly ModuleGroup[], release: string | null): void {
  for (const { name, content } of groups.flatMap(({ modules }) => modules)) {
    const own = moduleRelease(readElf(content, name));
    if (own === null || release === null || own === release) continue;
    throw new TapbenchError('IMAGE_FAILED', `${name} is of kernel ${own}, and guest.kernel is ${release}`);
  }
}

/**
 * The initramfs for a kernel of the user's own: the tools of the image, and modules of that kernel in place of the image's.
 * @throws TapbenchError `EXPERIMENT_INVALID` where a module is missing, can't be read or is of another kernel
 */
export async function ownInitramfs(options: OwnInitramfs): Promise<Buffer> {
  const { image, initScript, rootfs, modules, release, workFolder } = options;
  const groups = async () => {
    if (modules === null) return [];
    const loaded = await loadGroups({ folder: modules, workFolder }, wantedOf(rootfs?.type ?? null));
    demandRelease(loaded, release);
    return loaded;
  };
  const moduleGroups = await groups().catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new TapbenchError('EXPERIMENT_INVALID', `guest.modules: ${modules ?? ''}: ${said}`, { cause });
  });
  const hostFiles = await readHostFiles(image.manifest.inputs.hostFiles);
  return cpioOf(initramfsTree({ initScript, rootfsScript: rootfs?.script, moduleGroups, hostFiles }));
}
