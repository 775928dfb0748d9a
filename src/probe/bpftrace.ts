import { findExecutable } from '../lab/executable.ts';
import { type StartedProcess, type StartOptions, start } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';
import { withTracefs } from './tracefs.ts';

/** What ends a bpftrace that does not attach. */
export interface AttachLimits {
  /** Limit on compiling and attaching. */
  readonly deadlineMs: number;
  /** Kills bpftrace at once when it aborts, also later; absent: nobody can end it before its deadline. */
  readonly killedBy?: AbortSignal | undefined;
}

/** Starts bpftrace where it finds the kernel's events. @throws TapbenchError `PROBE_FAILED` where it is not installed */
export async function startBpftrace(words: readonly string[], options: StartOptions): Promise<StartedProcess> {
  const path = await findExecutable('bpftrace');
  if (path === null) {
    throw new TapbenchError('PROBE_FAILED', 'bpftrace is not installed', { hint: 'apt-get install bpftrace' });
  }
  return await start(withTracefs([path, ...words]), options);
}
