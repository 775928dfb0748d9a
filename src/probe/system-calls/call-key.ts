/**
 * One thread's one system call in one 64-bit number, since a map of bpftrace with one integer as its key is cheaper than
 * one with three: tid in bits 42 to 63 (tids have 22 bits at most: PID_MAX_LIMIT of linux/threads.h), number of the call
 * in bits 32 to 41, request of an ioctl or operation of a futex in bits 0 to 31 (the kernel takes a request as 32 bits).
 */
export interface CallKey {
  readonly tid: number;
  /** Number of the call. Calls by the x32 interface carry bit 30, which is cut off here: they count as the call of that number. */
  readonly id: number;
  /** 0 for calls other than ioctl and futex. */
  readonly request: number;
}

export const tidShift = 42n;
export const idShift = 32n;
export const idMask = 0x3ff;
export const requestMask = 0xffff_ffff;

export function encodeCallKey(key: CallKey): bigint {
  return (BigInt(key.tid) << tidShift) | (BigInt(key.id) << idShift) | BigInt(key.request);
}

/** @param text decimal as bpftrace prints it: a key of 2^63 and above comes as a negative number */
export function decodeCallKey(text: string): CallKey {
  const key = BigInt.asUintN(64, BigInt(text));
  return {
    tid: Number(key >> tidShift),
    id: Number((key >> idShift) & BigInt(idMask)),
    request: Number(key & BigInt(requestMask)),
  };
}
