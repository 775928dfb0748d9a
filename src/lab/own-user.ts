import { statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A user that only one process has. */
export interface OwnUser {
  readonly id: number;
  /** Devices of the host that it may open. */
  readonly devices: readonly string[];
  /** The program setpriv(1), by its path: busybox has another one. */
  readonly setpriv: string;
}

const readByOthers = 0o004;
const runByOthers = 0o001;
const readAndWriteByOthers = 0o006;

/** Processes and threads of one user (RLIMIT_NPROC): QEMU has some hundred at most, and a fork bomb must leave the host some. */
const mostTasks = '4096';

/**
 * FOLDER USER (DEVICE MAJOR MINOR)... -- COMMAND...: hides the terminal, and makes nodes of its own for a user, over those of the host. Run where mounts
 * are seen by nobody else, as `ip netns exec` makes it. A file system of its own, as others are often mounted without devices.
 *
 * The terminal: everybody may open /dev/tty, and whoever has it open can type into the shell that we were started from (TIOCSTI, ioctl_tty(2)).
 */
const ownNodes = `set -e
folder=$1 user=$2
shift 2
ulimit -u ${mostTasks} 2>/dev/null || true
[ ! -e /dev/tty ] || mount --bind /dev/null /dev/tty
[ "$1" = -- ] || mount -t tmpfs -o mode=711,size=64k,nosuid,noexec tapbench "$folder"
while [ "$1" != -- ]; do
  node=$folder/\${1##*/}
  mknod -m 600 "$node" c "$2" "$3"
  chown "$user:$user" "$node"
  mount --bind "$node" "$1"
  shift 3
done
shift
exec "$@"`;

/** Major and minor number of a device, as glibc's gnu_dev_major and gnu_dev_minor take them out of st_rdev. */
function deviceNumbers(device: number): [major: number, minor: number] {
  const [low, high] = [device % 2 ** 32, Math.floor(device / 2 ** 32)];
  return [((low >>> 8) & 0xfff) | (high & 0xfffff000), (low & 0xff) | ((low >>> 12) & 0xfff00)];
}

/** DEVICE MAJOR MINOR, where not everybody may open it anyway. */
function nodeWords(device: string): string[] {
  const { mode, rdev } = statSync(device);
  if ((mode & readAndWriteByOthers) === readAndWriteByOthers) return [];
  return [device, ...deviceNumbers(rdev).map(String)];
}

/**
 * A command with what makes it run as a user of its own, without any of root's rights, present or to come. It dies with the process that starts it:
 * the kernel forgets PR_SET_PDEATHSIG when a user changes (prctl(2)), so it is asked for again.
 * @param nodeFolder any folder: seen by the process alone, the nodes of its devices are in its place
 * @throws the system's error for a device that isn't there
 */
export function asOwnUser(argv: readonly string[], { id, devices, setpriv }: OwnUser, nodeFolder: string): string[] {
  const user = String(id);
  const dropped = [
    ...[setpriv, '--reuid', user, '--regid', user, '--clear-groups', '--inh-caps=-all', '--no-new-privs'],
    ...['--pdeathsig', 'KILL', '--', ...argv],
  ];
  const nodes = devices.flatMap(nodeWords);
  return ['busybox', 'sh', '-c', ownNodes, 'sh', nodeFolder, user, ...nodes, '--', ...dropped];
}

/** Whether everybody may read what is in a file, once it is open for somebody. */
export function isReadByOthers({ mode }: { readonly mode: number }): boolean {
  return (mode & readByOthers) !== 0;
}

async function isPassedByOthers(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & runByOthers) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Whether everybody may run a program, and come to it: by its name, and by where links lead. */
export async function isRunByOthers(program: string): Promise<boolean> {
  const rights = runByOthers | readByOthers;
  if (((await stat(program)).mode & rights) !== rights) return false;
  return (await isPassedByOthers(program)) && (await isPassedByOthers(await realpath(program)));
}
