import { changed, eachChanged, isRaw, type Raw } from './upgrade-raw.ts';

const unread = 'this version of tapbench did not read them';
const notNoted = 'the note has none';

function measurementOf4(measurement: Raw): Raw {
  return {
    ...measurement,
    vmmErrors: null,
    traced: changed(measurement['traced'], (traced) => ({ ...traced, vmmErrors: null })),
    notMeasured: changed(measurement['notMeasured'], (reasons) => ({
      ...reasons,
      vmmErrors: isRaw(measurement['noted']) ? notNoted : unread,
    })),
  };
}

/** Schema 4 to 5, of whichever of the three stored records it is, or of a whole run as tapbench prints it: its trials say their schema themselves. */
export function from4(record: Raw): Raw {
  const next = { ...record, schemaVersion: 5 };
  if (!isRaw(record['configuration'])) return next;
  return { ...next, measurements: eachChanged(record['measurements'], measurementOf4) };
}
