import { from1 } from './upgrade-1.ts';
import { from2 } from './upgrade-2.ts';
import { from3 } from './upgrade-3.ts';
import { from4 } from './upgrade-4.ts';
import { from5 } from './upgrade-5.ts';
import { isRaw, type Raw } from './upgrade-raw.ts';

/** Schema to the step that brings a record of it to the next one. `isPrinted`: as readers see it, not as it is stored. */
const steps = new Map<unknown, (record: Raw, isPrinted: boolean) => Raw>([
  [1, from1],
  [2, from2],
  [3, from3],
  [4, from4],
  [5, from5],
]);

function upgradedAs(value: unknown, isPrinted: boolean): unknown {
  if (!isRaw(value)) return value;
  const step = steps.get(value['schemaVersion']);
  return step === undefined ? value : upgradedAs(step(value, isPrinted), isPrinted);
}

/** A stored record as the newest schema wants it: what older versions could not say is filled in as they did it. What is no older record is given back as it is, for the schema to refuse. */
export function upgraded(value: unknown): unknown {
  return upgradedAs(value, false);
}

/** The same of a run, or a trial of one, as tapbench prints it. */
export function upgradedPrint(value: unknown): unknown {
  return upgradedAs(value, true);
}
