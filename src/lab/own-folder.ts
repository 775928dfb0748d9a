import { lstatSync, mkdirSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import { otherWriter, trustedOwners } from './folder-owners.ts';

/** What a folder is for, which decides who may own it and who may write to it. */
export interface FolderUse {
  /**
   * `private`: what is read there is acted on, so it is ours, and nobody else may write to it.
   * `trusted`: somebody whom we obey anyway may own it.
   * `place`: the same, and others may make files of their own beside ours where the sticky bit keeps theirs from ours.
   */
  readonly kind: 'private' | 'trusted' | 'place';
  /** Of a folder that is made, and of those above it that are missing. */
  readonly mode: number;
  /** What else to do where it can't be used: a command or a sentence. */
  readonly instead: string;
}

/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40;
const sticky = 0o1000;

/** Why what is below a folder may become another's; null where it can't. */
function placeRefusal(stats: Stats): string | null {
  if (!trustedOwners().has(stats.uid)) return `belongs to user ${String(stats.uid)}`;
  const writer = otherWriter(stats);
  return writer === null || (stats.mode & sticky) !== 0 ? null : `can be written by ${writer}`;
}

function folderRefusal(stats: Stats, { kind }: FolderUse): string | null {
  if (!stats.isDirectory()) return 'is no folder';
  const refusal = placeRefusal(stats);
  if (refusal !== null || kind === 'place') return refusal;
  const writer = otherWriter(stats);
  if (writer !== null) return `can be written by ${writer}`;
  return kind === 'private' && stats.uid !== process.geteuid?.() ? `belongs to user ${String(stats.uid)}` : null;
}

function linkOfOther({ uid }: Stats): string | null {
  return trustedOwners().has(uid) ? null : `is a link of user ${String(uid)}`;
}

/** A link is as good as the folder that it is in. */
function linkRefusal(path: string, stats: Stats): string | null {
  const refusal = linkOfOther(stats);
  if (refusal !== null) return refusal;
  return otherWriter(lstatSync(dirname(path))) === null ? null : 'is a link where others may make links too';
}

/** What is looked at on the way. */
interface Looks {
  readonly atFolder: (stats: Stats) => string | null;
  readonly atLink: (path: string, stats: Stats) => string | null;
}

const looksAtAll: Looks = { atFolder: placeRefusal, atLink: linkRefusal };

/** Where looking came to. */
interface Found {
  /** Without links: the folder, as far as it is there; or what is wrong. */
  readonly path: string;
  /** null: there is nothing under this name, or nothing that we could open. */
  readonly stats: Stats | null;
  /** Why the way to it can't be relied on. */
  readonly refusal: string | null;
}

function look(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Goes from / down, each folder looked at before what is in it. */
function find(folder: string, { atFolder, atLink }: Looks = looksAtAll): Found {
  let path = '/';
  const names = namesOf(folder);
  for (let links = 0; names.length > 0; ) {
    const name = names.shift() ?? '';
    const refusal = atFolder(lstatSync(path));
    if (refusal !== null) return { path, stats: null, refusal };
    const next = name === '..' ? dirname(path) : join(path, name);
    const stats = look(next);
    if (stats?.isSymbolicLink() === true) {
      const reason = links++ < mostLinks ? atLink(next, stats) : 'is one of too many links';
      if (reason !== null) return { path: next, stats, refusal: reason };
      const target = readlinkSync(next);
      names.unshift(...namesOf(target));
      if (isAbsolute(target)) path = '/';
      continue;
    }
    // What is no folder, the system says best.
    if (stats === null || (!stats.isDirectory() && names.length > 0))
      return { path: join(next, ...names), stats: null, refusal: null };
    path = next;
  }
  return { path, stats: lstatSync(path), refusal: null };
}

function unsafe(path: string, reason: string, { kind, instead }: FolderUse): TapbenchError {
  const owner = kind === 'private' ? undefined : /^belongs to user (\d+)/.exec(reason)?.[1];
  const mend = reason.startsWith('can be written') ? `chmod go-w ${path}` : null;
  const trust = owner === undefined ? null : `trust that user: TAPBENCH_TRUSTED_USERS=${owner}`;
  return new TapbenchError('FOLDER_UNSAFE', `${path} ${reason}: others could put there what we would act on`, {
    hint: [mend, trust, instead].filter((text) => text !== null).join(', or '),
  });
}

function found(folder: string, use: FolderUse): Found {
  const place = find(folder);
  const refusal = place.refusal ?? (place.stats === null ? null : folderRefusal(place.stats, use));
  if (refusal !== null) throw unsafe(place.path, refusal, use);
  return place;
}

/**
 * Looks at a folder that others might have made before us, or could exchange: at it and at each one above it.
 * @returns whether it is there
 * @throws TapbenchError `FOLDER_UNSAFE` with what to do
 */
export function lookAtFolder(folder: string, use: FolderUse): boolean {
  return found(folder, use).stats !== null;
}

/**
 * Where a file lies that a user names: its path without links, and what is there; null for nothing. The kernel follows no link of another user in a
 * folder like /tmp (protected_symlinks, proc_sys_fs(5)), but it is not asked where links are resolved by hand.
 * @throws TapbenchError `FOLDER_UNSAFE` where a link of another user is on the way
 */
export function throughOwnLinks(file: string): Pick<Found, 'path' | 'stats'> {
  const whole = isAbsolute(file) ? file : `${process.cwd()}/${file}`;
  const { path, stats, refusal } = find(whole, { atFolder: () => null, atLink: (_path, link) => linkOfOther(link) });
  if (refusal === null) return { path, stats };
  throw new TapbenchError('FOLDER_UNSAFE', `${path} ${refusal}: what is written would go where they want`, {
    hint: 'name the file that is meant, or trust that user: TAPBENCH_TRUSTED_USERS',
  });
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null;
}

/** Not `recursive`: Node 24 never returns from that below /proc. */
function makeEach(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (cause) {
    const parent = dirname(folder);
    // Somebody was quicker, and is looked at.
    if (codeOf(cause) === 'EEXIST' && look(folder)?.isDirectory() === true) return;
    // Where the parent is there, ENOENT means that the file system takes no folders.
    if (codeOf(cause) !== 'ENOENT' || parent === folder || look(parent) !== null) throw cause;
    makeEach(parent, mode);
    makeEach(folder, mode);
  }
}

/**
 * Makes a folder where there is none, and looks at it in any case.
 * @throws TapbenchError `FOLDER_UNSAFE`, and the system's error where it can't be made
 */
export function makeOwnFolder(folder: string, use: FolderUse): void {
  const { path, stats } = found(folder, use);
  if (stats !== null) return;
  makeEach(path, use.mode);
  found(folder, use);
}
