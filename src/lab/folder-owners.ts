import { lstatSync, readFileSync, type Stats } from 'node:fs';

const writeByGroup = 0o020;
const writeByOthers = 0o002;

/**
 * Whoever wrote the code that runs, or became root to run it, needs no planted folder; further ones are named by whoever starts us. `/` may belong
 * to another id than 0 in a user namespace.
 */
export function trustedOwners(): ReadonlySet<number> {
  const own = process.geteuid?.() ?? 0;
  const { SUDO_UID: caller = '', TAPBENCH_TRUSTED_USERS: named = '' } = process.env;
  const texts = [...(own === 0 ? [caller] : []), ...named.split(',')].filter((text) => /^\d+$/.test(text));
  return new Set([own, 0, lstatSync('/').uid, lstatSync(import.meta.filename).uid, ...texts.map(Number)]);
}

/** Whether a group is that of one user alone, as many systems make for each: the same number, and nobody else in it. */
function isOfOneUser({ uid, gid }: Stats): boolean {
  if (uid !== gid) return false;
  try {
    const lines = readFileSync('/etc/group', 'utf8').split('\n');
    const fields = lines.map((line) => line.split(':')).find(([, , number]) => number === String(gid));
    return (fields?.[3] ?? '') === '';
  } catch {
    return false;
  }
}

/** Who beside the owner may write to it; null: nobody. An access control list shows as the rights of the group (acl(5)). */
export function otherWriter(stats: Stats): string | null {
  if ((stats.mode & writeByOthers) !== 0) return 'everybody';
  return (stats.mode & writeByGroup) !== 0 && !isOfOneUser(stats) ? `group ${String(stats.gid)}` : null;
}
