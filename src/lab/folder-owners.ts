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

/** Files that tell who is on this machine (passwd(5), group(5)). */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

const ofThisMachine: AccountFiles = { passwd: '/etc/passwd', group: '/etc/group' };

function fieldsOf(file: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.split(':'));
}

/**
 * Whether a group is that of one user alone, as many systems make for each: the same number, and nobody else in it, neither by the group's own list nor
 * as the first group of another: `nogroup` is that of several services.
 */
function isOfOneUser({ uid, gid }: Pick<Stats, 'uid' | 'gid'>, { passwd, group }: AccountFiles): boolean {
  if (uid !== gid) return false;
  const number = String(gid);
  try {
    const [, , , members = ''] = fieldsOf(group).find(([, , id]) => id === number) ?? [];
    return members === '' && !fieldsOf(passwd).some(([, , id, first]) => first === number && id !== number);
  } catch {
    return false;
  }
}

/** Who beside the owner may write to it; null: nobody. An access control list shows as the rights of the group (acl(5)). */
export function otherWriter(
  stats: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  accounts: AccountFiles = ofThisMachine,
): string | null {
  if ((stats.mode & writeByOthers) !== 0) return 'everybody';
  return (stats.mode & writeByGroup) !== 0 && !isOfOneUser(stats, accounts) ? `group ${String(stats.gid)}` : null;
}
