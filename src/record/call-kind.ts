import type { CallKind } from './probe-readings.ts';

/** Calls whose purpose is to block until something happens or time has passed. A read or write that may block is work. */
const waitNames: ReadonlySet<string> = new Set([
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'epoll_wait',
  'epoll_wait_old',
  'epoll_pwait',
  'epoll_pwait2',
  'io_getevents',
  'io_pgetevents',
  'futex_waitv',
  'nanosleep',
  'clock_nanosleep',
  'rt_sigtimedwait',
  'rt_sigsuspend',
  'pause',
  'wait4',
  'waitid',
  // A blocked call that a signal or a stop interrupted goes on under this name.
  'restart_syscall',
]);

/** Operations that wait for a wake-up or for a lock. */
const waitOperations: ReadonlySet<string> = new Set([
  'FUTEX_WAIT',
  'FUTEX_WAIT_BITSET',
  'FUTEX_WAIT_REQUEUE_PI',
  'FUTEX_LOCK_PI',
  'FUTEX_LOCK_PI2',
]);

/**
 * What a system call does for its thread, by its name as the kernel has it. An ioctl or a futex whose request is not known counts as work.
 * @param request name of an ioctl's request or of a futex's operation; null for every other call, and where it is not known
 */
export function callKind(name: string, request: string | null): CallKind {
  if (name === 'ioctl') return request === 'KVM_RUN' ? 'run' : 'work';
  if (name === 'futex') return request !== null && waitOperations.has(request) ? 'wait' : 'work';
  return waitNames.has(name) ? 'wait' : 'work';
}
