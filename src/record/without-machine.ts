/** A thread in a list of one machine's own, which need not say whose it is. */
export function withoutMachine<T extends { machine?: string | undefined }>(thread: T): Omit<T, 'machine'> {
  const own = { ...thread };
  delete own.machine;
  return own;
}
