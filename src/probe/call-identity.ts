import type { CallKind } from '../record/probe-readings.ts';
import { futexOperationNames } from './futex-operation-table.ts';
import { ioctlRequestNames } from './ioctl-request-table.ts';
import { systemCallNames } from './system-call-table.ts';

/** What a system call is called and what it does for its thread. */
export interface CallIdentity {
  readonly name: string;
  /** Name of the ioctl's request or of the futex's operation (`0x...` where unknown); null for every other call. */
  readonly request: string | null;
  readonly kind: CallKind;
}

/** Numbers of the two calls that are told apart by an argument (asm/unistd_64.h). */
export const ioctlId = 16;
export const futexId = 202;
/** `_IO(KVMIO, 0x80)` of linux/kvm.h. */
export const kvmRunRequest = 0xae80;

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
 * @param id number in the table of x86_64; a number that has no name there becomes `syscall_N`
 * @param request request of an ioctl or operation of a futex; not looked at for other calls
 */
export function identifyCall(id: number, request: number): CallIdentity {
  if (id === ioctlId) {
    const known = ioctlRequestNames.get(request) ?? `0x${request.toString(16)}`;
    return { name: 'ioctl', request: known, kind: request === kvmRunRequest ? 'run' : 'work' };
  }
  if (id === futexId) {
    const known = futexOperationNames.get(request) ?? `0x${request.toString(16)}`;
    return { name: 'futex', request: known, kind: waitOperations.has(known) ? 'wait' : 'work' };
  }
  const name = systemCallNames.get(id) ?? `syscall_${String(id)}`;
  return { name, request: null, kind: waitNames.has(name) ? 'wait' : 'work' };
}
