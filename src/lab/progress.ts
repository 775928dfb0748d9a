import { errorsInOrder } from '../record/first-error.ts';

/** What a long work says while it goes on. The CLI shows it; nothing else prints. */
export type ProgressEvent =
  | { readonly kind: 'start'; readonly id: string; readonly text: string; readonly expectedNs: number | null }
  | { readonly kind: 'end'; readonly id: string; readonly isOk: boolean; readonly text: string | null }
  /** The live rate of the last second of a window: bits per second from the guest and to it. */
  | { readonly kind: 'rate'; readonly id: string; readonly bitsPerSecond: number; readonly packetsPerSecond: number }
  | { readonly kind: 'note'; readonly text: string };

export type OnProgress = (event: ProgressEvent) => void;

let nextStep = 1;

/** Runs a step with its start and end told. `describe` may add what came of it. */
export async function step<T>(
  onProgress: OnProgress,
  options: { text: string; expectedNs?: number | null; describe?: (value: T) => string | null },
  work: (id: string) => Promise<T>,
): Promise<T> {
  const id = String(nextStep++);
  onProgress({ kind: 'start', id, text: options.text, expectedNs: options.expectedNs ?? null });
  try {
    const value = await work(id);
    onProgress({ kind: 'end', id, isOk: true, text: options.describe?.(value) ?? null });
    return value;
  } catch (error) {
    const [reason] = errorsInOrder(error);
    onProgress({
      kind: 'end',
      id,
      isOk: false,
      text: reason instanceof Error ? (reason.message.split('\n')[0] ?? null) : null,
    });
    throw error;
  }
}
