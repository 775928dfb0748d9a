import { type StartedProcess, start } from './process.ts';
import type { ProcessIdentity } from './process-identity.ts';

/**
 * PID TICKS: waits for the end of stdin, which the kernel brings about when we are gone; then ends the process, if it still is the one that started
 * then. Its start time is the 20th word after its name (proc_pid_stat(5)), which may hold anything.
 */
const script = `pid=$1 ticks=$2
read -r _
read -r line <"/proc/$pid/stat" || exit
set -- \${line##*)}
[ "\${20}" != "$ticks" ] || kill -KILL "$pid"`;

/**
 * Ends a process when we are gone, in place of PR_SET_PDEATHSIG, which the kernel forgets for a process that changes its user itself (prctl(2)).
 * Sleeps until then. To be disposed of once the process has ended.
 */
export async function deathWatch({ pid, startTime }: ProcessIdentity): Promise<StartedProcess> {
  const argv = ['sh', '-c', script, 'sh', String(pid), startTime];
  return await start(argv, { diesWithUs: false, stdin: 'pipe' });
}
