import type { Ledger } from '../lab/ledger.ts';
import { run } from '../lab/process.ts';
import { mountTracefs, tracefsFolder, tracefsState } from '../probe/tracefs.ts';

const deadlineMs = 5_000;

/**
 * Has tracefs mounted until disposed; null where it was mounted already or can't be (the tracer then says why).
 * Machines without systemd don't mount it by themselves.
 */
export async function heldTracefs(ledger: Ledger): Promise<AsyncDisposable | null> {
  if (tracefsState() !== 'unmounted') return null;
  const settle = ledger.note({ kind: 'mount', path: tracefsFolder });
  try {
    await mountTracefs();
  } catch {
    settle();
    return null;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      // Somebody else may use it by now: then it stays, as on any machine where it is mounted.
      await run(['umount', tracefsFolder], { deadlineMs, acceptsFailure: true });
      settle();
    },
  };
}
