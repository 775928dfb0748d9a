import { join } from 'node:path';
import { type ChangedSetting, readSetting, restoreSetting, writeSetting } from '../lab/setting.ts';
import type { HostSetting } from '../record/trial.ts';
import { absent, answerOf, type Preparing, refused } from './preparing.ts';

export interface FileWish {
  readonly field: string;
  /** Below the root, such as `/sys/kernel/mm/ksm/run`. */
  readonly path: string;
  readonly wanted: string;
  /** Other values that are as good, and left. */
  readonly asGood?: readonly string[];
  /** Why a machine may have no such file. */
  readonly whyAbsent: string;
}

/** Writes and reads back; the reason where the kernel does not take it. */
function attempt({ path, before, after }: ChangedSetting): string | null {
  try {
    writeSetting(path, after);
    const kept = readSetting(path);
    if (kept === after) return null;
    if (kept !== before) writeSetting(path, before);
    return `it was written and is ${kept ?? 'gone'}`;
  } catch (error) {
    return answerOf(error);
  }
}

/** Has a change that is about to be made put back when the preparation ends. It is in the ledger from here on. */
export function putBackAtEnd({ ledger, changed, left }: Preparing, change: ChangedSetting): void {
  const settle = ledger.note({ kind: 'setting', ...change });
  changed.defer(() => {
    try {
      if (restoreSetting(change) === 'changed-since') left.push(`${change.path}: somebody changed it meanwhile`);
    } catch (error) {
      throw new Error(`${change.path}: ${answerOf(error)}`, { cause: error });
    }
    settle();
  });
}

/** Sets one file of the kernel: its old value is read, noted in the ledger, and only then is the new one written and read back. */
export function setFile(preparing: Preparing, wish: FileWish): HostSetting {
  const { field, path: target, wanted, asGood = [], whyAbsent } = wish;
  const path = join(preparing.root, target);
  const about = { field, target, wanted };
  let before: string | null;
  try {
    before = readSetting(path);
  } catch (error) {
    return refused(about, null, answerOf(error));
  }
  if (before === null) return absent(about, whyAbsent);
  if (before === wanted || asGood.includes(before)) return { ...about, before, status: 'already', reason: null };
  const change = { path, before, after: wanted };
  putBackAtEnd(preparing, change);
  const reason = attempt(change);
  return reason === null ? { ...about, before, status: 'set', reason } : refused(about, before, reason);
}
