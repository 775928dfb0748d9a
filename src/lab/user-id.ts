import { readFileSync } from 'node:fs';

/** Ids from `first` on, as many as there are processes times what one may use at once. */
interface Range {
  readonly first: number;
  readonly count: number;
}

/** One process has at most this many users at once: two VMMs for each of 64 pairs. */
const perProcess = 128;
/**
 * Where no user is, by systemd.io/UIDS-GIDS: above the ids of containers and below those that are negative for some programs (processes whose
 * ids are 2,097,152 apart get the same ones); then, for a
 * container that has 65,536 ids, those that systemd gives to services for a while.
 */
const ranges: readonly Range[] = [
  { first: 1_879_048_192, count: 2 ** 31 - 1_879_048_192 },
  { first: 61_184, count: 4_336 },
];

/** The files of this machine that tell who is there. */
export interface IdFiles {
  /** /proc/self/{uid,gid}_map (user_namespaces(7)): lines of first id inside, first outside, and how many. */
  readonly maps: readonly string[];
  /** /etc/passwd and /etc/group. */
  readonly names: readonly string[];
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function ofThisMachine(): IdFiles {
  return {
    maps: ['/proc/self/uid_map', '/proc/self/gid_map'].map(text),
    names: ['/etc/passwd', '/etc/group'].map(text),
  };
}

function isMapped(id: number, map: string): boolean {
  return map.split('\n').some((line) => {
    const [first = Number.NaN, , count = Number.NaN] = line.trim().split(/\s+/).map(Number);
    return id >= first && id < first + count;
  });
}

function isNamed(id: number, names: string): boolean {
  return names.split('\n').some((line) => line.split(':')[2] === String(id));
}

/**
 * A user and group id that nobody on this host has.
 * @param serial of the users that this process makes
 * @returns null where this user namespace has none
 */
export function freeUserId(
  serial: number,
  { maps, names }: IdFiles = ofThisMachine(),
  pid = process.pid,
): number | null {
  const wanted = pid * perProcess + (serial % perProcess);
  const ids = ranges.map(({ first, count }) => first + (wanted % count));
  const isFree = (id: number): boolean =>
    maps.every((map) => isMapped(id, map)) && !names.some((name) => isNamed(id, name));
  return ids.find(isFree) ?? null;
}

/** Whether it may be the id of such a user: nobody else's processes are ended for one. */
export function isOwnUserId(id: number, { names }: Pick<IdFiles, 'names'> = ofThisMachine()): boolean {
  const isInRange = ranges.some(({ first, count }) => id >= first && id < first + count);
  return isInRange && !names.some((name) => isNamed(id, name));
}
