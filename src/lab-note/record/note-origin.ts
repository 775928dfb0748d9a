import type { RoleOf } from './calls-reading.ts';

/** What a note's record has from outside of its text. */
export interface NoteOrigin {
  /** Name of its file, without the folder. */
  readonly file: string;
  readonly sha256: string;
  /** ISO 8601: when it was read. */
  readonly readAt: string;
  readonly runId: string;
  /** What a thread's name says to any driver: its role, and the kind of the VMM; null where it says nothing. */
  readonly roleOf: RoleOf;
}
