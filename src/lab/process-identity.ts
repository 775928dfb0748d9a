import { readdirSync, readFileSync } from 'node:fs';

/** A process that can't be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat (proc(5)): start time in clock ticks after the host's boot. */
  readonly startTime: string;
}

/** null when there is no such process (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in field 2 may hold spaces and parentheses: fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[19];
    return fields[0] === 'Z' || startTime === undefined ? null : { pid, startTime };
  } catch {
    return null;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/** Every process that there is now, by its number. */
export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const own = identityOf(process.pid);
  if (own === null) throw new Error('/proc/self/stat is missing: is /proc mounted?');
  return own;
}

/** Effective user of a process (proc_pid_status(5)); null where it is gone. */
export function processUser(pid: number): number | null {
  try {
    const ids = /^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return ids?.[1] === undefined ? null : Number(ids[1]);
  } catch {
    return null;
  }
}

/** Its name, of which the kernel keeps 15 characters; null where it is gone. */
export function processName(pid: number): string | null {
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}
