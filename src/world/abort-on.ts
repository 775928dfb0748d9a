import { TapbenchError } from '../record/error.ts';
import type { Machine } from './boot.ts';

/** Makes every wait on the guest fail at once when the run is interrupted, until it is disposed. */
export function abortOn(signal: AbortSignal, { guest }: Pick<Machine, 'guest'>): Disposable {
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    guest.channel.abort(reason instanceof TapbenchError ? reason : new TapbenchError('INTERRUPTED', 'interrupted'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', onAbort);
    },
  };
}
