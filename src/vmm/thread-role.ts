import type { ThreadRole } from '../record/probe-readings.ts';
import type { VmmDriver } from './driver.ts';
import { drivers } from './drivers.ts';

/**
 * Role of a thread of a VMM that runs. A name that its driver does not know is a worker's.
 * @param thread `isMain`: its tid is the process id
 */
export function roleOfThread(driver: VmmDriver, thread: { name: string; isMain: boolean }): ThreadRole {
  return thread.isMain ? 'vmm' : (driver.threadRole(thread.name) ?? 'worker');
}

/** The same for all threads of one VMM. */
export function threadRoles(driver: VmmDriver): (name: string, isMain: boolean) => ThreadRole {
  return (name, isMain) => roleOfThread(driver, { name, isMain });
}

/** Which VMM a thread's name speaks for, and its role there; null where no VMM has such a thread, or several do. */
export function vmmOfThread(name: string): { vmm: string; role: ThreadRole } | null {
  const known = [...drivers.values()].flatMap((driver) => {
    const role = driver.threadRole(name);
    return role === null || role === 'vhost' ? [] : [{ vmm: driver.kind, role }];
  });
  const [only, ...others] = known;
  return only === undefined || others.length > 0 ? null : only;
}
