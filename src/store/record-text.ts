import { TapbenchError } from '../record/error.ts';
import { refuseUnreadable } from './bounded-json.ts';

/**
 * A record as it is stored: for people too, hence indented.
 * @throws TapbenchError `RECORD_INVALID` for one that is too large to be read again
 */
export function recordText(value: unknown): string {
  const text = `${JSON.stringify(value, null, 1)}\n`;
  try {
    refuseUnreadable(value, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TapbenchError('RECORD_INVALID', `a record is too large to be read again: ${why}`, { cause });
  }
  return text;
}
