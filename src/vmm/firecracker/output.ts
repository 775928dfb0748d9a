import type { VmmOutput } from '../driver.ts';

/** `TIME [INSTANCE:THREAD:LEVEL] MESSAGE` with --show-level (src/vmm/src/logger/logging.rs; the same from 1.8 to 1.16). */
const logged = /^\S+ \[[^\]]*:ERROR\] /;

/** Whether a line of Firecracker's log, or of its stderr and that of its jailer, is an error. It writes to stderr only why it can't go on. */
export function isFirecrackerError(line: string, output: VmmOutput): boolean {
  return output === 'stderr' || logged.test(line);
}
