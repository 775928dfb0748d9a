import { chmodSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { agentProblem } from '../guest/rootfs/agent.ts';
import { rootfsSteps } from '../guest/rootfs/enter.ts';
import { type FoundFileSystem, fileSystemOf, headerBytes, type RootfsType } from '../guest/rootfs/file-system.ts';
import { imageFiles } from '../guest/rootfs/image-files.ts';
import { programProblem } from '../guest/rootfs/in-tree.ts';
import { folderFiles, type RootfsFiles } from '../guest/rootfs/rootfs-files.ts';
import { readTree } from '../guest/rootfs/tree.ts';
import { makeTreeImage } from '../guest/rootfs/tree-image.ts';
import { fileSha256 } from '../host/program.ts';
import { findExecutable } from '../lab/executable.ts';
import { isReadByOthers } from '../lab/own-user.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import type { RootfsFacts } from '../record/guest.ts';
import { problemOf, problemText, readPlainFileStartSync } from '../store/plain-file.ts';
import type { BootedRootfs } from '../world/boot.ts';
import { programsOf } from './image.ts';
import { once } from './once.ts';

/** Larger than any root file system to measure in: all of it is read for its checksum. */
const mostImageBytes = 64 * 1024 ** 3;
const writtenByOthers = 0o002;

/** What an image holds, by its first bytes. @throws what the file system throws */
export function imageFileSystem(file: string): FoundFileSystem {
  return fileSystemOf(readPlainFileStartSync(file, headerBytes), statSync(file).size);
}

function imageProblem(path: string): string | null {
  const { size, mode } = statSync(path);
  if (size > mostImageBytes) return `it is larger than ${String(mostImageBytes / 1024 ** 3)} GiB`;
  // The user of the VMM is one of them, and the file is not to be written.
  if ((mode & writtenByOthers) !== 0) return 'everybody may write to it: chmod o-w';
  const found = imageFileSystem(path);
  return 'problem' in found ? found.problem : null;
}

/** What is wrong with a root file system of the user's own, as far as its first bytes tell; null where nothing is. */
export function rootfsProblem(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'no such file or folder';
    if (!stats.isDirectory()) return problemOf(path) ?? imageProblem(path);
    return realpathSync(path) === '/' ? 'it is the root of this machine: give a tree of its own' : null;
  } catch (cause) {
    return problemText(cause);
  }
}

/** A root file system that a VMM can be given. */
interface RootfsImage {
  readonly file: string;
  readonly type: RootfsType;
  readonly facts: Pick<RootfsFacts, 'form' | 'sha256'>;
}

/** The same with the tools of a configuration. */
export interface PreparedRootfs {
  readonly type: RootfsType;
  readonly booted: BootedRootfs;
  readonly facts: Pick<RootfsFacts, 'form' | 'sha256' | 'tools'>;
}

export interface RootfsImagesOptions {
  /** For what is made; it goes with the run. */
  readonly folder: () => string;
  readonly onStep: (text: string) => void;
  /** All of an image or a folder is read, which takes minutes: ends it. */
  readonly signal: AbortSignal;
}

async function imageOfFile(file: string, signal: AbortSignal): Promise<RootfsImage> {
  const found = imageFileSystem(file);
  if ('problem' in found) throw invalid(file, found.problem);
  return { file, type: found.type, facts: { form: found.type, sha256: await fileSha256(file, signal) } };
}

function invalid(path: string, problem: string): TapbenchError {
  return new TapbenchError('EXPERIMENT_INVALID', `guest.rootfs: ${path}: ${problem}`);
}

/** The root file systems of a run, each looked at and made once. */
export class RootfsImages {
  readonly #options: RootfsImagesOptions;
  readonly #images = new Map<string, Promise<RootfsImage>>();

  constructor(options: RootfsImagesOptions) {
    this.#options = options;
  }

  /**
   * What a configuration boots with; null where it has no root file system of its own.
   * @param isOwnUser whether its VMM runs as a user of its own, who must be able to read the image
   * @throws TapbenchError `EXPERIMENT_INVALID`, `HOST_INCAPABLE`
   */
  async rootfsOf(configuration: Configuration, isOwnUser: boolean): Promise<PreparedRootfs | null> {
    const { rootfs, tools = 'image', init = 'ours' } = configuration.guest;
    if (rootfs === undefined) return null;
    const programs = programsOf([configuration]);
    const isFolder = statSync(rootfs).isDirectory();
    if (!isFolder && isOwnUser && !isReadByOthers(statSync(rootfs))) {
      throw invalid(rootfs, 'only its owner may read it, and the VMM runs as a user of its own: chmod o+r');
    }
    if (isFolder && tools === 'rootfs') await demandPrograms(rootfs, programs);
    if (init === 'theirs') await demandAgent(rootfs, isFolder);
    const { file, type, facts } = await this.#image(rootfs, isFolder);
    const steps = rootfsSteps({ type, tools, programs, init });
    return { type, booted: { file, steps }, facts: { ...facts, tools } };
  }

  async #image(path: string, isFolder: boolean): Promise<RootfsImage> {
    const { signal } = this.#options;
    const make = async () => await (isFolder ? this.#imageOfFolder(realpathSync(path)) : imageOfFile(path, signal));
    return await once(this.#images, path, make).catch((cause: unknown) => {
      // What was ended by it says only that it was.
      signal.throwIfAborted();
      throw cause;
    });
  }

  async #imageOfFolder(folder: string): Promise<RootfsImage> {
    this.#options.onStep(`making a file system of ${folder}`);
    const { signal } = this.#options;
    const tree = await readTree(folder, signal);
    const file = join(this.#options.folder(), `${tree.sha256}.ext4`);
    await makeTreeImage(folder, file, { tree, signal });
    // Whoever gets it open may read it; its folder is ours alone.
    chmodSync(file, 0o644);
    return { file, type: 'ext4', facts: { form: 'folder', sha256: tree.sha256 } };
  }
}

async function demandPrograms(folder: string, programs: readonly string[]): Promise<void> {
  for (const program of programs) {
    const problem = await programProblem(folderFiles(folder), program);
    if (problem === null) continue;
    const message = `guest.tools: rootfs: ${folder}: ${problem}`;
    throw new TapbenchError('EXPERIMENT_INVALID', message, { hint: 'guest.tools: image brings ours along' });
  }
}

/** An image of squashfs is looked into by the guest, as is one of ext4 where debugfs is missing. */
async function lookable(rootfs: string, isFolder: boolean): Promise<RootfsFiles | null> {
  if (isFolder) return folderFiles(rootfs);
  const found = imageFileSystem(rootfs);
  const debugfs = await findExecutable('debugfs');
  return 'type' in found && found.type === 'ext4' && debugfs !== null ? imageFiles(debugfs, rootfs) : null;
}

async function demandAgent(rootfs: string, isFolder: boolean): Promise<void> {
  const files = await lookable(rootfs, isFolder);
  const problem = files === null ? null : await agentProblem(files);
  if (problem !== null) throw new TapbenchError('EXPERIMENT_INVALID', `guest.init: theirs: ${rootfs}: ${problem}`);
}
