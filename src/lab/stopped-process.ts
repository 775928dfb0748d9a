import { readFileSync } from 'node:fs';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { waitFor } from './wait.ts';

/** A signal is delivered in microseconds; a process in an uninterruptible wait takes it when the wait ends. */
const deadlineMs = 1_000;

/** Whether a stop signal holds the process: state `T` of proc_pid_stat(5). */
export function isStopped({ pid }: ProcessIdentity): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}

/** Stops the process (SIGSTOP) and waits until it is; false where it did not stop in time. @throws the system's error */
export async function stopProcess(identity: ProcessIdentity): Promise<boolean> {
  if (!isAlive(identity)) return false;
  process.kill(identity.pid, 'SIGSTOP');
  return (await waitFor(() => (isStopped(identity) ? true : null), { deadlineMs, intervalMs: 1 })) ?? false;
}

/** Lets the process go on (SIGCONT); false where it ended or was not stopped any more. @throws the system's error */
export function continueProcess(identity: ProcessIdentity): boolean {
  if (!isAlive(identity) || !isStopped(identity)) return false;
  process.kill(identity.pid, 'SIGCONT');
  return true;
}
