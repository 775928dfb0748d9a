import { changed, isRaw, type Raw } from './upgrade-raw.ts';

/** Schema 3 to 4, of whichever of the three stored records it is, or of a whole run as tapbench prints it: its trials say their schema themselves. */
export function from3(record: Raw): Raw {
  const next = { ...record, schemaVersion: 4 };
  if (!isRaw(record['experiment'])) return next;
  return { ...next, host: changed(record['host'], (host) => ({ ...host, scheduling: null })) };
}
