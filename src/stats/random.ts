/** Gives a number in [0, 1), a multiple of 2^-32. */
export type RandomSource = () => number;

/**
 * The sfc32 generator: 128 bits of state with a counter, so that no seed has a period under 2^32.
 * Source: Chris Doty-Humphrey, PractRand 0.94 (public domain), shifts 9, 3 and 21, and 15 outputs thrown away after seeding.
 * @param seed a safe integer; both its low and its high 32 bits count
 */
export function seededRandom(seed: number): RandomSource {
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next: RandomSource = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 2 ** 32;
  };
  for (let discarded = 0; discarded < 15; discarded += 1) next();
  return next;
}

/**
 * A seed of its own for each named thing: the same text and seed always give the same one.
 * FNV-1a over the UTF-16 units (Fowler, Noll, Vo: offset 0x811c9dc5, prime 0x01000193), then the finalizer of MurmurHash3
 * (Austin Appleby, public domain), which spreads what a short text changes over all 32 bits.
 * @returns an integer from 0 to 2^32 - 1
 */
export function seedOf(text: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const part of [text, '\u0000', String(seed)]) {
    for (let at = 0; at < part.length; at += 1) hash = Math.imul(hash ^ part.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
