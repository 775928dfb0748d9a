import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ImageManifest,
  imageId,
  manifestVersion,
  partNames,
  recipeVersion,
} from '../../src/guest/image/manifest.ts';
import { sha256Of } from '../../src/guest/image/sha256.ts';

/** The manifest of a small image whose parts hold their own names. */
export function sampleManifest(initScript = '#!/bin/sh\n'): ImageManifest {
  const inputs = {
    recipeVersion,
    kernelPackage: { name: 'linux-image-6.1.0-56-cloud-amd64', version: '6.1.192-2', sha256: sha256Of('deb') },
    initScriptSha256: sha256Of(initScript),
    hostFiles: [
      {
        kind: 'program' as const,
        path: 'bin/busybox',
        source: '/usr/bin/busybox',
        sha256: sha256Of('busybox'),
        bytes: 7,
        package: 'busybox-static=1:1.35.0-4+deb12u1+b1',
      },
    ],
  };
  const part = (name: string) => ({ sha256: sha256Of(name), bytes: name.length });
  return {
    schemaVersion: manifestVersion,
    id: imageId(inputs),
    inputs,
    kernel: { release: '6.1.0-56-cloud-amd64', packFormat: 'lz4-legacy', hasPvhEntry: true },
    modules: ['modules/00-virtio_ring.ko'],
    parts: { bzImage: part('bzImage'), vmlinux: part('vmlinux'), 'initramfs.cpio': part('initramfs.cpio') },
  };
}

/** Puts a small image into a cache folder, as a build leaves it, and gives its folder. */
export async function writeSampleImage(cacheFolder: string, manifest: ImageManifest): Promise<string> {
  const folder = join(cacheFolder, 'images', manifest.id);
  await mkdir(folder, { recursive: true });
  for (const name of partNames) await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
