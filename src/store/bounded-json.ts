/** Largest record, or other JSON, that is read. The largest of ours, the plan of 100,000 trials, has some 12 MiB. */
export const mostRecordBytes = 32 * 1024 ** 2;
/** Values in one record: what a text of a few bytes each makes of them takes 30 times its size in memory. The same plan has 500,000. */
export const mostRecordValues = 1_000_000;
/** Keys in one map of a record. */
const mostKeys = 10_000;

const [comma, bracket, brace] = [0x2c, 0x5b, 0x7b];

/** No fewer than a JSON text has values: each follows a comma or a bracket. Those in strings count too. */
function countValues(bytes: Uint8Array): number {
  let count = 1;
  // An iterator takes six times as long.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === comma || byte === bracket || byte === brace) count += 1;
  }
  return count;
}

function refuseManyValues(bytes: Uint8Array, most: number): void {
  if (bytes.length > most && countValues(bytes) > most)
    throw new SyntaxError(`more than ${most.toLocaleString('en')} values`);
}

/** Maps with more keys than any of ours would make as many complaints. */
function refuseLargeMaps(whole: unknown): void {
  const open: unknown[] = [whole];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inside: unknown[] = Object.values(value);
    if (inside.length > mostKeys && !Array.isArray(value)) {
      throw new SyntaxError(`a map has ${String(inside.length)} keys: at most ${String(mostKeys)}`);
    }
    for (const one of inside) if (typeof one === 'object' && one !== null) open.push(one);
  }
}

/**
 * The value of a JSON text, whose size in memory is bounded before it is read.
 * @throws SyntaxError where it is no JSON, or has more values than any of ours
 */
export function parseBoundedJson(bytes: Buffer, mostValues = mostRecordValues): unknown {
  refuseManyValues(bytes, mostValues);
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (bytes.length > mostKeys) refuseLargeMaps(value);
  return value;
}

/**
 * Refuses what `parseBoundedJson` would refuse once it is written.
 * @param text `value` as JSON
 * @throws SyntaxError
 */
export function refuseUnreadable(value: unknown, text: string): void {
  const bytes = Buffer.from(text);
  if (bytes.length > mostRecordBytes)
    throw new SyntaxError(`it is larger than ${String(mostRecordBytes / 1024 ** 2)} MiB`);
  refuseManyValues(bytes, mostRecordValues);
  if (bytes.length > mostKeys) refuseLargeMaps(value);
}
