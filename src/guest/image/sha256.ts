import { hash } from 'node:crypto';

/** sha256 as hex. */
export function sha256Of(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
