import { callKind } from '../../record/call-kind.ts';
import type { CallKind } from '../../record/probe-readings.ts';
import { systemCallNames } from '../../record/system-call-table.ts';
import { futexOperationNames } from './futex-operation-table.ts';
import { ioctlRequestNames } from './ioctl-request-table.ts';

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

/**
 * @param id number in the table of x86_64; a number that has no name there becomes `syscall_N`
 * @param request request of an ioctl or operation of a futex; not looked at for other calls
 */
export function identifyCall(id: number, request: number): CallIdentity {
  if (id === ioctlId) {
    const known = ioctlRequestNames.get(request) ?? `0x${request.toString(16)}`;
    return { name: 'ioctl', request: known, kind: callKind('ioctl', known) };
  }
  if (id === futexId) {
    const known = futexOperationNames.get(request) ?? `0x${request.toString(16)}`;
    return { name: 'futex', request: known, kind: callKind('futex', known) };
  }
  const name = systemCallNames.get(id) ?? `syscall_${String(id)}`;
  return { name, request: null, kind: callKind(name, null) };
}
