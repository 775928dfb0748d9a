/** Primary result codes of SQLite (sqlite.org/rescode.html) that we tell apart. */
const codes = {
  /** Among others: a table or column that is not there. */
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** The primary result code of an error of `node:sqlite` (the low byte of its extended code); null for any other error. */
function sqliteCode(cause: unknown): number | null {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return null;
  return cause.errcode & 0xff;
}

function hasCode(cause: unknown, wanted: readonly number[]): boolean {
  const code = sqliteCode(cause);
  return code !== null && wanted.includes(code);
}

/** Somebody else holds the database. */
export function isBusy(cause: unknown): boolean {
  return hasCode(cause, [codes.busy, codes.locked]);
}

/** The file is no database, a broken one, or one without our tables. */
export function isDamage(cause: unknown): boolean {
  return hasCode(cause, [codes.error, codes.corrupt, codes.notADatabase]);
}

/** The file can't be used here and now: held, read-only, a full disk, no permission. */
export function isUnavailable(cause: unknown): boolean {
  return isBusy(cause) || hasCode(cause, [codes.readOnly, codes.inputOutput, codes.full, codes.cannotOpen]);
}
