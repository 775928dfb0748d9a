import { from1 } from './upgrade-1.ts';
import { from2 } from './upgrade-2.ts';
import { from3 } from './upgrade-3.ts';
import { from4 } from './upgrade-4.ts';
import { isRaw, type Raw } from './upgrade-raw.ts';

/** Schema to the step that brings a record of it to the next one. */
const steps = new Map<unknown, (record: Raw) => Raw>([
  [1, from1],
  [2, from2],
  [3, from3],
  [4, from4],
]);

/** A record as the newest schema wants it: what older versions could not say is filled in as they did it. What is no older record is given back as it is, for the schema to refuse. */
export function upgraded(value: unknown): unknown {
  if (!isRaw(value)) return value;
  const step = steps.get(value['schemaVersion']);
  return step === undefined ? value : upgraded(step(value));
}
