import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootedFiles } from '../guest/facts.ts';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { kernelRelease } from '../guest/image/kernel-release.ts';
import type { RootfsType } from '../guest/rootfs/file-system.ts';
import { readElfHeader } from '../host/elf-header.ts';
import { madeCacheFolder } from '../host/folders.ts';
import type { Ledger } from '../lab/ledger.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, GuestSpec } from '../record/experiment.ts';
import { driverOf } from '../vmm/drivers.ts';
import type { Bootable } from '../world/boot.ts';
import { guestFileSha256 } from './guest-files.ts';
import { guestImage, imageOptions, rootfsImage, rootfsScript } from './image.ts';
import { once } from './once.ts';
import { type PreparedRootfs, RootfsImages } from './rootfs.ts';

/** The images of an experiment: what mounts a root file system of the user's own is in one of its own. null: no configuration boots it. */
export interface BootImages {
  readonly usual: GuestImage | null;
  readonly withRootfs: GuestImage | null;
}

/** A kernel of the user's own gets an initramfs that is made for it. */
function mountsRootfs({ guest }: Configuration): boolean {
  return guest.rootfs !== undefined && guest.kernel === null;
}

/** The images that these boot, one after the other: both may be built of one download. @throws TapbenchError `IMAGE_FAILED` */
export async function bootImages(
  onStep: (text: string) => void,
  configurations: readonly Configuration[],
): Promise<BootImages> {
  const withRootfs = configurations.filter(mountsRootfs);
  const usual = configurations.filter((one) => !mountsRootfs(one));
  return {
    usual: usual.length === 0 ? null : await guestImage(onStep, usual),
    withRootfs: withRootfs.length === 0 ? null : await rootfsImage(onStep, withRootfs),
  };
}

/** The kernel in the formats that it is there in. @throws TapbenchError `EXPERIMENT_INVALID` where the VMM boots none of them */
async function kernelOf({ guest, vmm }: Configuration, image: GuestImage): Promise<Bootable['kernel']> {
  const { kernel } = guest;
  if (kernel === null) return { bzImage: image.bzImage, elf: image.vmlinux };
  // One that can't be read is told of with the checksums.
  if ((await readElfHeader(kernel).catch(() => null)) !== null) return { bzImage: null, elf: kernel };
  if (driverOf(vmm.kind).capabilities.kernelFormats.includes('bzImage')) return { bzImage: kernel, elf: null };
  throw new TapbenchError(
    'EXPERIMENT_INVALID',
    `guest.kernel: ${kernel} is no ELF file, and ${vmm.kind} boots no other`,
    {
      hint: 'give it the uncompressed vmlinux of that kernel',
    },
  );
}

export interface BootFilesOptions {
  readonly images: BootImages;
  readonly ledger: Ledger;
  /** What is made for all boots of the run, and removed with it. */
  readonly made: DisposableStack;
  readonly onStep: (text: string) => void;
  /** Ends what takes long. */
  readonly signal: AbortSignal;
}

/** The files that each configuration boots: of the images, the user's own, or made of both. */
export class BootFiles {
  readonly #options: BootFilesOptions;
  readonly #rootfs: RootfsImages;
  /** Read, made and summed up once a run, whatever number of configurations boots it. */
  readonly #releases = new Map<string, Promise<string | null>>();
  readonly #initrds = new Map<string, Promise<string>>();
  readonly #sums = new Map<string, Promise<string>>();
  #folder: string | null = null;
  #serial = 0;

  constructor(options: BootFilesOptions) {
    this.#options = options;
    const { onStep, signal } = options;
    this.#rootfs = new RootfsImages({ folder: () => this.#madeFolder(), onStep, signal });
  }

  /** For what is made. */
  #madeFolder(): string {
    const { ledger, made } = this.#options;
    return (this.#folder ??= made.use(
      makeRunFolder(ledger, madeCacheFolder('work'), `rootfs-${String(process.pid)}-`),
    ).path);
  }

  /** @param isOwnUser whether the VMM runs as a user of its own @throws TapbenchError `EXPERIMENT_INVALID`, `HOST_INCAPABLE` */
  async of(
    configuration: Configuration,
    isOwnUser: boolean,
  ): Promise<Pick<Bootable, 'kernel' | 'initrd' | 'rootfs'> & { readonly booted: BootedFiles }> {
    const { usual, withRootfs } = this.#options.images;
    const image = mountsRootfs(configuration) ? withRootfs : usual;
    if (image === null) throw new TapbenchError('IMAGE_FAILED', `there is no image for ${configuration.name}`);
    const kernel = await kernelOf(configuration, image);
    const rootfs = await this.#rootfs.rootfsOf(configuration, isOwnUser);
    const own = await this.#ownInitrd(configuration.guest, image, rootfs);
    const booted = await this.#bootedFiles(configuration.guest, image, own);
    return {
      kernel,
      initrd: own ?? image.initramfs,
      rootfs: rootfs?.booted ?? null,
      booted: { ...booted, rootfs: rootfs?.facts ?? null },
    };
  }

  /** The initramfs of the user, or one that is made for the user's kernel; null: that of the image, whose modules only a kernel of its release takes. */
  async #ownInitrd(guest: GuestSpec, image: GuestImage, rootfs: PreparedRootfs | null): Promise<string | null> {
    const { kernel, initrd, modules = null } = guest;
    if (initrd !== null) return initrd;
    if (kernel === null) return null;
    const release = await once(this.#releases, kernel, async () => await releaseOf(kernel));
    if (modules === null && rootfs === null && release === image.manifest.kernel.release) return null;
    const type = rootfs?.type ?? null;
    const key = JSON.stringify([image.id, release, modules, type]);
    return await once(this.#initrds, key, async () => await this.#makeInitrd({ image, release, modules, type }));
  }

  async #makeInitrd({ type, ...options }: InitrdOptions): Promise<string> {
    // Few want it.
    const { ownInitramfs } = await import('../guest/image/own-initramfs.ts');
    const folder = this.#madeFolder();
    const content = await ownInitramfs({
      ...options,
      initScript: imageOptions().initScript,
      rootfs: type === null ? null : { script: rootfsScript(), type },
      workFolder: folder,
    });
    const file = join(folder, `${String(this.#serial++)}.cpio`);
    writeFileSync(file, content, { mode: 0o644 });
    return file;
  }

  /** What is booted, word for word: of the image, or the user's own. @param initrd that is not the image's; null: it is */
  async #bootedFiles(
    { kernel, initrd: usersInitrd }: GuestSpec,
    image: GuestImage,
    initrd: string | null,
  ): Promise<Omit<BootedFiles, 'rootfs'>> {
    const { parts } = image.manifest;
    const sum = async (field: string, path: string): Promise<string> =>
      await once(this.#sums, path, async () => await guestFileSha256(field, path));
    return {
      kernelSha256: kernel === null ? parts.vmlinux.sha256 : await sum('guest.kernel', kernel),
      initrdSha256: initrd === null ? parts['initramfs.cpio'].sha256 : await sum('guest.initrd', initrd),
      // An initramfs that is made has the tools of the image.
      imageId: kernel === null || usersInitrd === null ? image.id : null,
    };
  }
}

interface InitrdOptions {
  readonly image: GuestImage;
  readonly release: string | null;
  readonly modules: string | null;
  readonly type: RootfsType | null;
}

/** null: it does not say. One that can't be read is told of with the checksums. */
async function releaseOf(kernel: string): Promise<string | null> {
  return await kernelRelease(kernel).catch(() => null);
}
