import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { ParseError, TapbenchError } from '../../record/error.ts';
import { imageFailure } from './image-failure.ts';
import type { KernelPackage } from './manifest.ts';
import { demandProgram } from './program-path.ts';
import { sha256Of } from './sha256.ts';

/** Debian's pointer to the newest kernel for virtual machines. */
const metaPackage = 'linux-image-cloud-amd64';
const askDeadlineMs = 60_000;
/** 27 MB, over any line that is worth using. */
const downloadDeadlineMs = 600_000;
const environment = { LC_ALL: 'C' };

/** A field of a package's control data (deb822(5)). @throws ParseError */
export function controlField(text: string, field: string): string {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${field}: `));
  if (line === undefined) throw new ParseError({ file: 'apt-cache show', path: field }, 'no such field');
  return line.slice(field.length + 2).trim();
}

/** The kernel package that the meta package depends on. @throws ParseError */
export function kernelDependency(control: string): string {
  const names = controlField(control, 'Depends')
    .split(/[,|]/)
    .map((text) => text.trim().replace(/ .*$/, ''));
  const kernel = names.find((name) => /^linux-image-\d/.test(name));
  if (kernel === undefined) {
    throw new ParseError({ file: 'apt-cache show', path: 'Depends' }, `${metaPackage} names no linux-image-VERSION`);
  }
  return kernel;
}

async function candidate(name: string): Promise<string> {
  const { stdout } = await run(['apt-cache', 'show', '--no-all-versions', name], {
    deadlineMs: askDeadlineMs,
    env: environment,
  });
  return stdout;
}

/**
 * The kernel package that apt would install now.
 * @throws TapbenchError `IMAGE_FAILED` when there is no apt, or its lists don't have it
 */
export async function candidateKernel(): Promise<KernelPackage> {
  await demandProgram('apt-cache');
  try {
    const name = kernelDependency(await candidate(metaPackage));
    const control = await candidate(name);
    return { name, version: controlField(control, 'Version'), sha256: controlField(control, 'SHA256') };
  } catch (cause) {
    throw imageFailure(`apt does not tell which kernel ${metaPackage} is`, cause);
  }
}

/** Where a downloaded kernel package is kept: a change of /init or of a tool must not download it again. */
export function packageFile(cacheFolder: string, kernel: KernelPackage): string {
  return join(cacheFolder, 'packages', `${kernel.sha256}.deb`);
}

async function download(kernel: KernelPackage, folder: string): Promise<string> {
  await demandProgram('apt-get');
  await mkdir(folder, { recursive: true });
  await run(['apt-get', 'download', '--quiet', `${kernel.name}=${kernel.version}`], {
    deadlineMs: downloadDeadlineMs,
    env: environment,
    cwd: folder,
  });
  const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new TapbenchError('IMAGE_FAILED', `apt-get download ${kernel.name} gave no file`);
  const path = join(folder, file);
  // apt checks what it downloads against its signed lists; this checks that the lists did not change between our two calls.
  if (sha256Of(await readFile(path)) !== kernel.sha256) {
    throw new TapbenchError(
      'IMAGE_FAILED',
      `${kernel.name}: the downloaded package is not the one that apt-cache told of`,
      {
        hint: 'apt-get update',
      },
    );
  }
  return path;
}

/**
 * The file of a kernel package: the kept one where it is whole, else downloaded (no root needed).
 * @param folder for the download, on the file system of the cache
 * @throws TapbenchError `IMAGE_FAILED`
 */
export async function fetchKernelPackage(cacheFolder: string, kernel: KernelPackage, folder: string): Promise<string> {
  const kept = packageFile(cacheFolder, kernel);
  const bytes = await readFile(kept).catch(() => null);
  if (bytes !== null && sha256Of(bytes) === kernel.sha256) return kept;
  try {
    const path = await download(kernel, folder);
    await mkdir(join(cacheFolder, 'packages'), { recursive: true });
    await rename(path, kept);
    return kept;
  } catch (cause) {
    throw imageFailure(`${kernel.name} ${kernel.version} can't be downloaded`, cause);
  }
}
