import { z } from 'zod';
import { sha256Of } from './sha256.ts';

/** Goes up when the same inputs give other bytes: then all images are built anew. */
export const recipeVersion = 1;

/** Of the manifest's own shape. */
export const manifestVersion = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A Debian package; `sha256` is that of its .deb file. */
const debianPackage = z.strictObject({ name: z.string(), version: z.string(), sha256 });
export type DebianPackage = z.infer<typeof debianPackage>;

/** The package of a kernel. */
const kernelPackage = debianPackage.extend({
  /** The package of its modules, where they are not in the kernel's own. */
  modules: debianPackage.optional(),
});
export type KernelPackage = z.infer<typeof kernelPackage>;

/** All packages that a kernel is made of. */
export function packagesOf({ modules, ...kernel }: KernelPackage): DebianPackage[] {
  return modules === undefined ? [kernel] : [kernel, modules];
}

/** A file of the host that is in the image. */
const hostFile = z.strictObject({
  kind: z.enum(['program', 'library']),
  /** In the guest, without leading slash. */
  path: z.string(),
  /** On the host, symbolic links followed. */
  source: z.string(),
  sha256,
  bytes: z.int().nonnegative(),
  /** `package=version` of the distribution; null where no package owns it. */
  package: z.string().nullable(),
});
export type HostFile = z.infer<typeof hostFile>;

/** All that decides what is in an image. */
const imageInputs = z.strictObject({
  recipeVersion: z.int().positive(),
  kernelPackage,
  initScriptSha256: sha256,
  /** Sorted by path. */
  hostFiles: z.array(hostFile),
  /** Of an image that can run the tools in a root file system of the user's own: what mounts it. */
  rootfsScriptSha256: sha256.optional(),
});
export type ImageInputs = z.infer<typeof imageInputs>;

const part = z.strictObject({ sha256, bytes: z.int().positive() });
export type ImagePart = z.infer<typeof part>;

/** `manifest.json` of an image: the same inputs give the same bytes, so it holds no time and no path of the cache. */
export const imageManifest = z.strictObject({
  schemaVersion: z.literal(manifestVersion),
  id: z.string(),
  inputs: imageInputs,
  kernel: z.strictObject({
    /** As `uname -r` says in the guest. */
    release: z.string(),
    /** How vmlinux was packed in the bzImage. */
    packFormat: z.enum(['none', 'gzip', 'zstd', 'lz4-legacy', 'xz']),
    /** Whether vmlinux has the PVH entry note (XEN_ELFNOTE_PHYS32_ENTRY), without which QEMU boots no ELF kernel. */
    hasPvhEntry: z.boolean(),
  }),
  /** Paths in the guest, in the order in which they are to be loaded. */
  modules: z.array(z.string()),
  parts: z.strictObject({ bzImage: part, vmlinux: part, 'initramfs.cpio': part }),
});
export type ImageManifest = z.infer<typeof imageManifest>;

/** Files of an image beside its manifest. */
export const partNames = [
  'bzImage',
  'vmlinux',
  'initramfs.cpio',
] as const satisfies readonly (keyof ImageManifest['parts'])[];

/** The name of an image: 16 hex digits of the sha256 over its inputs. */
export function imageId(inputs: ImageInputs): string {
  // The schema's own order of keys, whatever order the caller's object has.
  return sha256Of(JSON.stringify(imageInputs.parse(inputs))).slice(0, 16);
}
