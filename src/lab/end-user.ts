import { TapbenchError } from '../record/error.ts';
import { run } from './process.ts';
import { allProcesses, identityOf, processUser } from './process-identity.ts';
import { isOwnUserId } from './user-id.ts';
import { waitFor } from './wait.ts';

const deadlineMs = 10_000;

/** What a user still runs, wherever it is. */
export function processesOf(user: number): number[] {
  return allProcesses().filter((pid) => processUser(pid) === user && identityOf(pid) !== null);
}

/**
 * Ends all that a user of ours runs. A process may have gone where nothing else finds it: into a network namespace of its own, which it
 * may make in a user namespace of its own (user_namespaces(7)). The kernel ends all at once, whoever forks meanwhile (kill(2), pid -1).
 * @returns whether there was something
 * @throws TapbenchError `LAB_FAILED` where something does not end
 */
export async function endProcessesOf(user: number): Promise<boolean> {
  if (!isOwnUserId(user)) throw new TapbenchError('LAB_FAILED', `user ${String(user)} is none that a run makes`);
  const wereThere = processesOf(user).length > 0;
  const [id, words] = [String(user), ['sh', '-c', 'kill -KILL -1']];
  const argv = ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs', '--', ...words];
  await run(argv, { deadlineMs, acceptsFailure: true, diesWithUs: false });
  const isGone = await waitFor(() => (processesOf(user).length === 0 ? true : null), { deadlineMs, intervalMs: 5 });
  if (isGone === null) throw new TapbenchError('LAB_FAILED', `processes of user ${id} do not end`);
  return wereThere;
}
