import { chmod, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { type AgentPart, agentParts, type InitKind, missingPart } from './agent.ts';
import { demandDebugfs, imageFiles } from './image-files.ts';
import { followed, placeIn } from './in-tree.ts';
import { folderFiles, type RootfsFiles } from './rootfs-files.ts';

/** Gigabytes on a slow disk. */
const copyDeadlineMs = 3_600_000;
const writeDeadlineMs = 60_000;

export interface InstallAgent {
  /** A folder, or an image of ext4: looked at before. */
  readonly rootfs: string;
  readonly isFolder: boolean;
  /** Where the copy comes; nothing is there. */
  readonly copy: string;
}

function invalid(rootfs: string, problem: string): TapbenchError {
  return new TapbenchError('EXPERIMENT_INVALID', `${rootfs}: ${problem}`);
}

function notAFolder(path: string): TapbenchError {
  return new TapbenchError('EXPERIMENT_INVALID', `guest-agent: ${path} is no folder in it`);
}

/** Where a part comes: a link on the way must not lead out of the copy. */
async function placeOf(files: RootfsFiles, path: string): Promise<string> {
  const place = await placeIn(files, path);
  if (place === null) throw notAFolder(dirname(path));
  return place;
}

/** Where a folder is to be made; null: it is there. */
async function newFolder(files: RootfsFiles, path: string): Promise<string | null> {
  if ((await followed(files, path))?.kind === 'folder') return null;
  const place = await placeOf(files, path);
  if ((await files.look(place)) !== null) throw notAFolder(path);
  return place;
}

async function putPart(folder: string, part: AgentPart): Promise<void> {
  const files = folderFiles(folder);
  if (part.kind === 'folder') {
    const place = await newFolder(files, part.path);
    if (place !== null) await mkdir(join(folder, place), { mode: 0o755 });
    return;
  }
  const place = join(folder, await placeOf(files, part.path));
  await rm(place, { force: true });
  if (part.kind === 'link') await symlink(part.target, place);
  else {
    await writeFile(place, part.text, { flag: 'wx' });
    await chmod(place, part.mode);
  }
}

/** What debugfs is told to make of one part. @param source a file of the host with its text */
async function debugfsLines(files: RootfsFiles, part: AgentPart, source: string): Promise<string[]> {
  if (part.kind === 'folder') {
    const place = await newFolder(files, part.path);
    return place === null ? [] : [`mkdir ${place}`];
  }
  const place = await placeOf(files, part.path);
  const gone = (await files.look(place)) === null ? [] : [`rm ${place}`];
  if (part.kind === 'link') return [...gone, `symlink ${place} ${part.target}`];
  const mode = `set_inode_field ${place} mode 0100${part.mode.toString(8)}`;
  const owner = ['uid', 'gid'].map((field) => `set_inode_field ${place} ${field} 0`);
  return [...gone, `write ${source} ${place}`, mode, ...owner];
}

/** Makes the parts in an image of ext4, without mounting it. */
async function putIntoImage(image: string, parts: readonly AgentPart[]): Promise<void> {
  const debugfs = await demandDebugfs();
  const files = imageFiles(debugfs, image);
  const folder = await mkdtemp(join(tmpdir(), 'tapbench-'));
  try {
    for (const [index, part] of parts.entries()) {
      const source = join(folder, String(index));
      if (part.kind === 'file') await writeFile(source, part.text);
      const lines = await debugfsLines(files, part, source);
      const requests = join(folder, 'requests');
      await writeFile(requests, `${lines.join('\n')}\n`);
      await run([debugfs, '-w', '-f', requests, image], { deadlineMs: writeDeadlineMs, env: { LC_ALL: 'C' } });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Puts the agent into a copy of a root file system; the original is only read.
 * @returns which init it is a service of
 * @throws TapbenchError `EXPERIMENT_INVALID` for one that it can't go into, `HOST_INCAPABLE` without debugfs, `PROCESS_FAILED`
 */
export async function installAgent({ rootfs, isFolder, copy }: InstallAgent): Promise<InitKind> {
  const filesOf = async (path: string) => (isFolder ? folderFiles(path) : imageFiles(await demandDebugfs(), path));
  const found = await agentParts(await filesOf(rootfs));
  if ('problem' in found) throw invalid(rootfs, found.problem);
  const { kind, parts } = found;
  try {
    // Owners, rights, links, devices and holes as they are; a share of blocks where the file system can.
    const options = ['--archive', '--one-file-system', '--sparse=always', '--reflink=auto', '--no-target-directory'];
    await run(['cp', ...options, rootfs, copy], { deadlineMs: copyDeadlineMs, env: { LC_ALL: 'C' } });
    if (isFolder) for (const part of parts) await putPart(copy, part);
    else await putIntoImage(copy, parts);
    // debugfs tells of a full image in words only.
    const missing = await missingPart(await filesOf(copy), parts);
    if (missing !== null)
      throw invalid(rootfs, `there is no room for ${missing.path}: make the file system larger (resize2fs)`);
  } catch (error) {
    // It was not there before.
    if ((await lstat(copy).catch(() => null)) !== null) await rm(copy, { recursive: true });
    throw error;
  }
  return kind;
}
