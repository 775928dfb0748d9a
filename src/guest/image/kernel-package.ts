import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { ParseError, TapbenchError } from '../../record/error.ts';
import { cacheFolderMode } from './durable-file.ts';
import { imageFailure } from './image-failure.ts';
import { type DebianPackage, type KernelPackage, packagesOf } from './manifest.ts';
import { demandProgram } from './program-path.ts';
import { sha256Of } from './sha256.ts';

/** Pointers to the newest kernel for virtual machines: Debian's, Ubuntu's. Each is unknown to the other. */
const metaPackages = ['linux-image-cloud-amd64', 'linux-image-virtual'];
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

function dependency(control: string, pattern: RegExp): string | null {
  const names = controlField(control, 'Depends')
    .split(/[,|]/)
    .map((text) => text.trim().replace(/ .*$/, ''));
  return names.find((name) => pattern.test(name)) ?? null;
}

/** The kernel package that a meta package depends on. @throws ParseError */
export function kernelDependency(control: string): string {
  const kernel = dependency(control, /^linux-image-\d/);
  if (kernel !== null) return kernel;
  throw new ParseError({ file: 'apt-cache show', path: 'Depends' }, 'no linux-image-VERSION is among them');
}

/** The package that a kernel's modules are in; null where they are in its own. */
export function modulesDependency(control: string): string | null {
  return dependency(control, /^linux-modules-\d/);
}

/** Control data of the version that apt would install; null where its lists do not have the package. */
async function candidate(name: string): Promise<string | null> {
  const { stdout, exitStatus } = await run(['apt-cache', 'show', '--no-all-versions', name], {
    deadlineMs: askDeadlineMs,
    env: environment,
    acceptsFailure: true,
  });
  return exitStatus === 0 && stdout.trim() !== '' ? stdout : null;
}

async function demandCandidate(name: string): Promise<string> {
  const control = await candidate(name);
  if (control !== null) return control;
  throw new TapbenchError('IMAGE_FAILED', `apt's lists have no ${name}`, { hint: 'apt-get update' });
}

/** What the first meta package that apt knows points to. */
async function newestKernel(): Promise<string> {
  for (const name of metaPackages) {
    const control = await candidate(name);
    if (control !== null) return kernelDependency(control);
  }
  const names = metaPackages.join(' nor ');
  throw new TapbenchError('IMAGE_FAILED', `apt's lists have neither ${names}`, { hint: 'apt-get update' });
}

function packageOf(name: string, control: string): DebianPackage {
  return { name, version: controlField(control, 'Version'), sha256: controlField(control, 'SHA256') };
}

/**
 * The kernel package that apt would install now.
 * @throws TapbenchError `IMAGE_FAILED` when there is no apt, or its lists don't have it
 */
export async function candidateKernel(): Promise<KernelPackage> {
  await demandProgram('apt-cache');
  try {
    const name = await newestKernel();
    const control = await demandCandidate(name);
    const kernel = packageOf(name, control);
    const modules = modulesDependency(control);
    return modules === null ? kernel : { ...kernel, modules: packageOf(modules, await demandCandidate(modules)) };
  } catch (cause) {
    throw imageFailure('apt does not tell which kernel is the newest for virtual machines', cause);
  }
}

/** Where a downloaded kernel package is kept: a change of /init or of a tool must not download it again. */
export function packageFile(cacheFolder: string, { sha256 }: DebianPackage): string {
  return join(cacheFolder, 'packages', `${sha256}.deb`);
}

async function download(wanted: DebianPackage, folder: string): Promise<string> {
  await demandProgram('apt-get');
  await mkdir(folder, { recursive: true, mode: cacheFolderMode });
  await run(['apt-get', 'download', '--quiet', `${wanted.name}=${wanted.version}`], {
    deadlineMs: downloadDeadlineMs,
    env: environment,
    cwd: folder,
  });
  const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new TapbenchError('IMAGE_FAILED', `apt-get download ${wanted.name} gave no file`);
  const path = join(folder, file);
  // apt checks what it downloads against its signed lists; this checks that the lists did not change between our two calls.
  if (sha256Of(await readFile(path)) !== wanted.sha256) {
    throw new TapbenchError(
      'IMAGE_FAILED',
      `${wanted.name}: the downloaded package is not the one that apt-cache told of`,
      {
        hint: 'apt-get update',
      },
    );
  }
  return path;
}

async function fetchPackage(cacheFolder: string, wanted: DebianPackage, folder: string): Promise<string> {
  const kept = packageFile(cacheFolder, wanted);
  const bytes = await readFile(kept).catch(() => null);
  if (bytes !== null && sha256Of(bytes) === wanted.sha256) return kept;
  try {
    const path = await download(wanted, folder);
    await mkdir(join(cacheFolder, 'packages'), { recursive: true, mode: cacheFolderMode });
    await rename(path, kept);
    return kept;
  } catch (cause) {
    throw imageFailure(`${wanted.name} ${wanted.version} can't be downloaded`, cause);
  }
}

/**
 * The files of a kernel's packages: the kept ones where they are whole, else downloaded (no root needed).
 * @param folder for the download, on the file system of the cache
 * @throws TapbenchError `IMAGE_FAILED`
 */
export async function fetchKernelPackages(
  cacheFolder: string,
  kernel: KernelPackage,
  folder: string,
): Promise<string[]> {
  const paths: string[] = [];
  for (const wanted of packagesOf(kernel)) paths.push(await fetchPackage(cacheFolder, wanted, folder));
  return paths;
}
