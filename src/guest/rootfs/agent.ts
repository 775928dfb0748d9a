import { basename, dirname } from 'node:path';
import { fileIn, followed, isRun, missingLoader, placeIn } from './in-tree.ts';
import type { FoundEntry, RootfsFiles } from './rootfs-files.ts';

/**
 * The agent: what a root file system of the user's own has for its init to start our end of the channel. The channel itself comes with our
 * initramfs, which lies at `root` when their init is up (enter.sh).
 */
const folder = '/usr/lib/tapbench';
export const agentRoot = `${folder}/root`;
const versionFile = `${folder}/version`;
const start = `${agentRoot}/bin/busybox chroot ${agentRoot} /init service`;

/** Goes up when what is put into a root file system is no longer the same. */
export const agentVersion = '1';

/** Inits that it can be a service of. */
export const initKinds = ['systemd', 'openrc', 'sysvinit', 'busybox'] as const;
export type InitKind = (typeof initKinds)[number];

/** Something to put into a root file system, in this order. What stands there goes. */
export type AgentPart =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly text: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** A text file of a system is no longer. */
const mostTextBytes = 1024 ** 2;

const unit = `[Unit]
Description=tapbench: the guest's end of its channel, on the serial console
ConditionKernelCommandLine=tapbench.address
# When all else is up.
After=multi-user.target

[Service]
ExecStart=${start}
TasksMax=infinity
KillMode=process
`;

const openrcScript = `#!/sbin/openrc-run
description="tapbench: the guest's end of its channel, on the serial console"
command="${agentRoot}/bin/busybox"
command_args="chroot ${agentRoot} /init service"
command_background=yes
pidfile=/run/tapbench-agent.pid

depend() {
  after *
}
`;

/** What busybox init does without an /etc/inittab (init/init.c of busybox), but no shell on the console. */
const busyboxInittab = `::sysinit:/etc/init.d/rcS
::ctrlaltdel:reboot
::shutdown:swapoff -a
::shutdown:umount -a -r
::restart:init
`;

const offMark = '# tapbench:';
/** A shell with arguments is a service. */
const interactive = /^-?(\S*\/)?(\w*getty\b|(su)?login\b|(ba|da|a)?sh$)/;

/** Whether a line of an inittab lets somebody in on the console: `T0:23:respawn:/sbin/getty -L ttyS0`, `::askfirst:-/bin/sh`, `ttyS0::respawn:/bin/login`. */
function isOnConsole(line: string, kind: InitKind): boolean {
  const [id = '', , action = '', ...rest] = line.split(':');
  const command = rest.join(':').trim();
  if (line.startsWith('#') || !(action === 'askfirst' || (action === 'respawn' && interactive.test(command))))
    return false;
  // Of busybox the id is the terminal; empty: the console.
  if (kind === 'busybox' && ['', 'console', 'ttyS0'].includes(id)) return true;
  return /\b(ttyS0|console)\b/.test(command);
}

/** An inittab with the agent as its last service, and nobody else on the console. */
export function inittabWithAgent(text: string, kind: InitKind): string {
  const own = kind === 'busybox' ? `::once:${start}` : `tb:2345:once:${start}`;
  const lines = text.split('\n').filter((line, index, all) => line !== own && (line !== '' || index < all.length - 1));
  return `${[...lines.map((line) => (isOnConsole(line, kind) ? `${offMark}${line}` : line)), own].join('\n')}\n`;
}

/** Which init a root file system boots; a text: why the agent can be no service of it. */
async function initOf(files: RootfsFiles): Promise<{ kind: InitKind; program: FoundEntry } | string> {
  const program = await fileIn(files, '/sbin/init');
  if (program === null || !isRun(program)) return 'it has no /sbin/init';
  const name = basename(program.path);
  if (name === 'systemd') return { kind: 'systemd', program };
  const isOpenrc = (await fileIn(files, '/sbin/openrc')) !== null;
  if (isOpenrc && (await followed(files, '/etc/runlevels/default'))?.kind === 'folder')
    return { kind: 'openrc', program };
  if (name === 'busybox') return { kind: 'busybox', program };
  if (name === 'init' && (await fileIn(files, '/etc/inittab')) !== null) return { kind: 'sysvinit', program };
  return `the agent can't be a service of its /sbin/init (${program.path}), but of ${initKinds.join(', ')}`;
}

async function textOf(files: RootfsFiles, path: string): Promise<string | null> {
  const found = await fileIn(files, path);
  return found === null ? null : (await files.read(found.path, mostTextBytes)).toString('utf8');
}

const file = (path: string, text: string, mode = 0o644): AgentPart => ({ kind: 'file', path, mode, text });

async function serviceParts(kind: InitKind, files: RootfsFiles): Promise<AgentPart[]> {
  switch (kind) {
    case 'systemd':
      return [
        file('/etc/systemd/system/tapbench-agent.service', unit),
        {
          kind: 'link',
          path: '/etc/systemd/system/multi-user.target.wants/tapbench-agent.service',
          target: '../tapbench-agent.service',
        },
        // What systemd-getty-generator puts there.
        { kind: 'link', path: '/etc/systemd/system/serial-getty@ttyS0.service', target: '/dev/null' },
        { kind: 'link', path: '/etc/systemd/system/console-getty.service', target: '/dev/null' },
      ];
    case 'openrc':
      return [
        file('/etc/init.d/tapbench-agent', openrcScript, 0o755),
        { kind: 'link', path: '/etc/runlevels/default/tapbench-agent', target: '/etc/init.d/tapbench-agent' },
      ];
    case 'sysvinit':
    case 'busybox':
      // sysvinit is known by its own.
      return [file('/etc/inittab', inittabWithAgent((await textOf(files, '/etc/inittab')) ?? busyboxInittab, kind))];
  }
}

/** Why a root file system can't boot by itself, whatever is put into it; null where nothing speaks against it. */
async function systemProblem(files: RootfsFiles, init: FoundEntry): Promise<string | null> {
  const loader = await missingLoader(files, init);
  if (loader !== null) return `its /sbin/init needs ${loader}, which is not there`;
  const shell = await fileIn(files, '/bin/sh');
  return shell === null || !isRun(shell) ? 'it has no /bin/sh, which its init runs scripts with' : null;
}

/** What the agent consists of in this root file system. The version comes last: where it is, all of it is. */
export async function agentParts(
  files: RootfsFiles,
): Promise<{ readonly kind: InitKind; readonly parts: readonly AgentPart[] } | { readonly problem: string }> {
  const init = await initOf(files);
  if (typeof init === 'string') return { problem: init };
  const problem = await systemProblem(files, init.program);
  if (problem !== null) return { problem };
  const { kind } = init;
  const parts: AgentPart[] = [
    { kind: 'folder', path: agentRoot },
    ...(await serviceParts(kind, files)),
    file(versionFile, `${agentVersion}\n`),
  ];
  return { kind, parts: withFolders(parts) };
}

/** The same with the folders that they are in, each once. */
function withFolders(parts: readonly AgentPart[]): AgentPart[] {
  const taken = new Set<string>(['/']);
  const foldersOf = (path: string): AgentPart[] => {
    if (taken.has(path)) return [];
    taken.add(path);
    return [...foldersOf(dirname(path)), { kind: 'folder', path }];
  };
  return parts.flatMap((part) =>
    part.kind === 'folder' ? foldersOf(part.path) : [...foldersOf(dirname(part.path)), part],
  );
}

async function isThere(files: RootfsFiles, part: AgentPart): Promise<boolean> {
  if (part.kind === 'folder') return (await followed(files, part.path))?.kind === 'folder';
  if (part.kind === 'file') return (await textOf(files, part.path)) === part.text;
  const place = await placeIn(files, part.path);
  const entry = place === null ? null : await files.look(place);
  return entry?.kind === 'link' && entry.target === part.target;
}

/** The first part that is not there as it was put; null where all are. */
export async function missingPart(files: RootfsFiles, parts: readonly AgentPart[]): Promise<AgentPart | null> {
  for (const part of parts) if (!(await isThere(files, part))) return part;
  return null;
}

const mend = 'tapbench guest-agent install';

/** Why a root file system can't be booted with `init: theirs`; null where nothing speaks against it. */
export async function agentProblem(files: RootfsFiles): Promise<string | null> {
  const version = (await textOf(files, versionFile))?.trim();
  if (version === undefined) return `it has no agent: ${mend}`;
  if (version !== agentVersion)
    return `its agent is of version ${version.slice(0, 20)}, not ${agentVersion}: ${mend}, into the root file system as it was`;
  const found = await agentParts(files);
  if ('problem' in found) return found.problem;
  const missing = await missingPart(files, found.parts);
  return missing === null ? null : `${missing.path} of its agent is not as it was put there: ${mend}`;
}
