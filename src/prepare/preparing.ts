import type { Ledger } from '../lab/ledger.ts';
import type { HostSetting } from '../record/trial.ts';

/** A preparation under way. */
export interface Preparing {
  /** `/`, or the folder of a made machine. */
  readonly root: string;
  readonly ledger: Ledger;
  /** Everything changed so far, to be put back in reverse order. */
  readonly changed: AsyncDisposableStack;
  /** Filled while things are put back: what somebody else had changed meanwhile, and was left. */
  readonly left: string[];
}

/** What an outcome is about, before it is known. */
export type Wish = Pick<HostSetting, 'field' | 'target' | 'wanted'>;

export function absent(wish: Wish, reason: string): HostSetting {
  return { ...wish, before: null, status: 'absent', reason };
}

export function refused(wish: Wish, before: string | null, reason: string): HostSetting {
  return { ...wish, before, status: 'refused', reason };
}

/** The kernel's answer without the path, which stands beside it: `EINVAL: invalid argument`. */
export function answerOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(',')[0] ?? text;
}
