import { existsSync } from 'node:fs';
import { type Requirement, requirement } from '../host/check/requirement.ts';
import { missingCapabilities } from '../host/lab-refusal.ts';
import { processesOf } from '../lab/end-user.ts';
import { findExecutable } from '../lab/executable.ts';
import { asOwnUser, isRunByOthers, type OwnUser } from '../lab/own-user.ts';
import { run } from '../lab/process.ts';
import { freeUserId } from '../lab/user-id.ts';
import { firstComplaint } from '../record/complaint.ts';
import type { Configuration } from '../record/experiment.ts';
import type { VmmDriver } from '../vmm/driver.ts';

/** Whether VMMs can run as users of their own here: with what, or why not. */
export type OwnUserVerdict =
  | { readonly isUsable: true; readonly setpriv: string }
  | { readonly isUsable: false; readonly reason: string };

/** What root needs beside changing users: to end, to read and to pin a process that is another user's. */
const capabilities = [
  { name: 'CAP_KILL', bit: 5n },
  { name: 'CAP_SYS_PTRACE', bit: 19n },
  { name: 'CAP_SYS_NICE', bit: 23n },
] as const;

const deadlineMs = 10_000;
/** Whether each file can be opened for both. */
const opens = 'for file; do [ -r "$file" ] && [ -w "$file" ] || { echo "$file can not be opened" >&2; exit 1; }; done';
/** Of the users that this process has made. */
let serial = 0;

/** Below are ids that a program may have got without a name: systemd gives some of these to services (systemd.io/UIDS-GIDS). */
const firstOfNobodyElse = 65_536;

/** Ids that are looked at before a VMM is left to root: a container has few, and processes in it may have some of them. */
const tries = 16;

function isTaken(id: number): boolean {
  return id < firstOfNobodyElse && processesOf(id).length > 0;
}

/** A user for one VMM; null where there is none to be had. */
export function newOwnUser(given: Omit<OwnUser, 'id'>): OwnUser | null {
  for (let left = tries; left > 0; left--) {
    const id = freeUserId(serial++);
    if (id !== null && !isTaken(id)) return { ...given, id };
  }
  return null;
}

/** Tries it: a user of its own is had that opens these devices, of those that are there. Leaves nothing behind. */
export async function ownUserVerdict(devices: readonly string[]): Promise<OwnUserVerdict> {
  const refused = (reason: string): OwnUserVerdict => ({ isUsable: false, reason });
  if (process.geteuid?.() !== 0) return refused('tapbench itself does not run as root');
  const missing = missingCapabilities(capabilities);
  if (missing.length > 0) return refused(`root lacks ${missing.join(' and ')} here`);
  const setpriv = await findExecutable('setpriv');
  if (setpriv === null) return refused('setpriv is not installed');
  const there = devices.filter((device) => existsSync(device));
  const user = newOwnUser({ devices: there, setpriv });
  if (user === null) return refused('no other user id is mapped here');
  const tried = asOwnUser(['sh', '-c', opens, 'sh', ...there], user, '/tmp');
  const { exitStatus, stderr } = await run(['unshare', '--mount', ...tried], { deadlineMs, acceptsFailure: true });
  return exitStatus === 0 ? { isUsable: true, setpriv } : refused(firstComplaint(stderr) ?? 'it failed without a word');
}

/** Why this VMM of an experiment runs as we do; null where it has a user of its own. */
export async function ownUserRefusal(
  { driver, binary }: { readonly driver: VmmDriver; readonly binary: string },
  configuration: Configuration,
  verdict: OwnUserVerdict,
): Promise<string | null> {
  if (driver.ownUser(configuration, 'tcg') === null) return 'its driver starts it as tapbench itself runs';
  if (!verdict.isUsable) return verdict.reason;
  return (await isRunByOthers(binary)) ? null : `${binary} can't be run by others`;
}

/** For `doctor`, with all devices that a VMM may open. */
export async function checkOwnUser(): Promise<Requirement> {
  const verdict = await ownUserVerdict(['/dev/net/tun', '/dev/kvm', '/dev/vhost-net']);
  return requirement({
    name: 'user of the VMM',
    isOk: verdict.isUsable,
    what: verdict.isUsable ? 'one of its own was had' : verdict.reason,
    meaning: 'without it QEMU runs as root, behind its own sandbox only; the figures are the same',
    isVital: false,
  });
}
