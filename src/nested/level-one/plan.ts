import { lstat, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { findExecutable } from '../../lab/executable.ts';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { type DiskEntry, folderEntries, libraryEntries, programEntries } from '../disk-tree.ts';
import { type LevelOneProgram, levelOnePrograms } from './programs-table.ts';

/** Where Node lies in the level-one machine. */
export const levelOneNode = '/opt/tapbench/node';

const askDeadlineMs = 30_000;
const folders = ['dev', 'job', 'out', 'proc', 'root', 'run', 'sys', 'tmp', 'usr/bin', 'usr/sbin', 'var/tmp'];

/** On a merged /usr these are symbolic links, and the paths of programs go through them. */
async function mergedFolders(): Promise<DiskEntry[]> {
  const entries = ['bin', 'sbin', 'lib', 'lib32', 'lib64'].map(async (name): Promise<DiskEntry[]> => {
    const isLink = await lstat(`/${name}`).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    return isLink ? [{ kind: 'symlink', path: `/${name}`, target: await readlink(`/${name}`) }] : [];
  });
  return (await Promise.all(entries)).flat();
}

async function pathOf({ name, debianPackage, isVital }: LevelOneProgram): Promise<string | null> {
  const path = await findExecutable(name);
  if (path !== null || !isVital) return path;
  throw new TapbenchError('HOST_INCAPABLE', `${name} is not installed: the nested machine needs it`, {
    hint: `apt-get install ${debianPackage}`,
  });
}

/** Firmware and option ROMs, where this QEMU looks for them (`-L help`). */
async function firmware(qemu: string): Promise<DiskEntry[]> {
  const { stdout } = await run([qemu, '-L', 'help'], { deadlineMs: askDeadlineMs });
  const places = stdout.split('\n').filter((line) => line.startsWith('/'));
  const entries = places.map(async (place) => {
    const folder = join(place);
    return await folderEntries(folder, folder).catch(() => []);
  });
  return (await Promise.all(entries)).flat();
}

/** The Node that runs us. */
async function ownNode(): Promise<DiskEntry[]> {
  const source = await realpath(process.execPath);
  return [{ kind: 'file', path: levelOneNode, source }, ...(await libraryEntries(source))];
}

/** Busybox under the name of each of its applets. */
async function applets(busybox: string): Promise<DiskEntry[]> {
  const { stdout } = await run([busybox, '--list'], { deadlineMs: askDeadlineMs });
  const names = stdout.split('\n').filter((name) => name !== '');
  return names.map((name) => ({ kind: 'symlink', path: `/usr/bin/${name}`, target: busybox }));
}

async function texts(): Promise<DiskEntry[]> {
  const release = await folderEntries('/usr/lib', '/usr/lib', (name) => name === 'os-release').catch(() => []);
  return [
    ...release,
    { kind: 'symlink', path: '/etc/os-release', target: '../usr/lib/os-release' },
    { kind: 'text', path: '/etc/passwd', text: 'root:x:0:0:root:/root:/bin/sh\n', mode: 0o644 },
    { kind: 'text', path: '/etc/group', text: 'root:x:0:\n', mode: 0o644 },
  ];
}

/**
 * What is on the root disk of the level-one machine, but for its kernel modules and /init: the programs of this host as they are now.
 * @throws TapbenchError `HOST_INCAPABLE` for a program that is not installed
 */
export async function levelOneEntries(): Promise<DiskEntry[]> {
  const paths = await Promise.all(levelOnePrograms.map(pathOf));
  const found = new Map(levelOnePrograms.map(({ name }, index) => [name, paths[index] ?? null]));
  const programs = await Promise.all(
    paths.filter((path) => path !== null).map(async (path) => await programEntries(path)),
  );
  const real = [...programs.flat(), ...(await ownNode())];
  // A program of its own goes over an applet, in whichever folder of the path it lies.
  const names = new Set(real.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  const busybox = await applets(found.get('busybox') ?? 'busybox');
  return [
    ...folders.map((path): DiskEntry => ({ kind: 'folder', path: `/${path}` })),
    ...(await mergedFolders()),
    ...real,
    ...busybox.filter(({ path }) => !names.has(path.slice(path.lastIndexOf('/') + 1))),
    ...(await firmware(found.get('qemu-system-x86_64') ?? 'qemu-system-x86_64')),
    ...(await texts()),
  ];
}
