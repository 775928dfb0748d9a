import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import type { InitKind } from '../guest/rootfs/agent.ts';
import { installAgent } from '../guest/rootfs/install-agent.ts';
import { TapbenchError } from '../record/error.ts';
import { imageFileSystem, rootfsProblem } from './rootfs.ts';

/** `debian.ext4` beside itself: `debian-agent.ext4`. */
export function copyName(rootfs: string): string {
  const { dir, name, ext } = parse(rootfs);
  return statSync(rootfs).isDirectory() ? `${rootfs}-agent` : join(dir, `${name}-agent${ext}`);
}

function isSquashfs(image: string): boolean {
  const found = imageFileSystem(image);
  return 'type' in found && found.type === 'squashfs';
}

function demandPlace(copy: string, rootfs: string): void {
  const refuse = (problem: string): never => {
    throw new TapbenchError('USAGE', `--output: ${copy}: ${problem}`);
  };
  if (lstatSync(copy, { throwIfNoEntry: false }) !== undefined) refuse('it is there already');
  if (!existsSync(dirname(copy))) refuse(`there is no folder ${dirname(copy)}`);
  if (realpathSync(dirname(copy)).concat(sep).startsWith(rootfs.concat(sep))) refuse(`it is in ${rootfs} itself`);
}

/**
 * Puts the agent into a copy of a root file system.
 * @param output where the copy comes; null: beside it
 * @throws TapbenchError `EXPERIMENT_INVALID`, `USAGE`, `HOST_INCAPABLE`, `PROCESS_FAILED`
 */
export async function putAgent(
  rootfs: string,
  output: string | null,
  onStep: (text: string) => void,
): Promise<{ copy: string; init: InitKind }> {
  const problem = rootfsProblem(rootfs);
  if (problem !== null) throw new TapbenchError('EXPERIMENT_INVALID', `${rootfs}: ${problem}`);
  const original = realpathSync(rootfs);
  const isFolder = statSync(original).isDirectory();
  if (!isFolder && isSquashfs(original)) {
    throw new TapbenchError('EXPERIMENT_INVALID', `${rootfs}: an image of squashfs can't be changed`, {
      hint: 'unpack it (unsquashfs), and give the folder',
    });
  }
  const copy = resolve(output ?? copyName(resolve(rootfs)));
  demandPlace(copy, original);
  onStep(`copying ${original}`);
  return { copy, init: await installAgent({ rootfs: original, isFolder, copy }) };
}
