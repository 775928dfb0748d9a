import { monotonicNs } from './clock.ts';

/** Polls until the condition gives something other than null; null once the deadline has passed. */
export async function waitFor<T>(
  condition: () => T | null | Promise<T | null>,
  limits: { deadlineMs: number; intervalMs: number },
): Promise<T | null> {
  const end = monotonicNs() + limits.deadlineMs * 1e6;
  for (;;) {
    const value = await condition();
    if (value !== null) return value;
    if (monotonicNs() >= end) return null;
    await new Promise((resolve) => setTimeout(resolve, limits.intervalMs));
  }
}
