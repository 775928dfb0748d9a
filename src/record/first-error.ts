import { TapbenchError } from './error.ts';

/** All errors of one, in the order in which they came: what fails while things are taken down (`using`) comes as a SuppressedError around what had failed before. */
export function errorsInOrder(error: unknown): unknown[] {
  if (!(error instanceof SuppressedError)) return [error];
  return [...errorsInOrder(error.suppressed), ...errorsInOrder(error.error)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The error that came first, which is the reason, with a line for each that came while things were taken down after it.
 * One around which nothing else failed is given back as it is.
 */
export function firstError(error: unknown): unknown {
  const [first, ...later] = errorsInOrder(error);
  if (later.length === 0) return error;
  // What broke says the same again to whoever takes it down.
  const messages = new Set(later.map(messageOf));
  messages.delete(messageOf(first));
  const lines = [...messages].map((message) => `then, while it was taken down: ${message}`);
  if (first instanceof TapbenchError) {
    const [message = '', ...others] = first.lines;
    const hint = first.hint === null ? {} : { hint: first.hint };
    return new TapbenchError(first.code, message, { lines: [...others, ...lines], cause: error, ...hint });
  }
  const whole = new Error([messageOf(first), ...lines].join('\n'), { cause: error });
  const stack = first instanceof Error ? (first.stack ?? first.message) : String(first);
  whole.stack = [stack, ...lines].join('\n');
  // An errno tells a full disk from a fault.
  return first instanceof Error && 'code' in first ? Object.assign(whole, { code: first.code }) : whole;
}
