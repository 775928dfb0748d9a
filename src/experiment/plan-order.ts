/** Gives a number in [0, 1). */
export type RandomSource = () => number;

/**
 * The mulberry32 generator: small, seeded by 32 bits, and good enough to shuffle trials.
 * Source: Tommy Ettinger's mulberry32 (public domain), an increment of 0x6D2B79F5 followed by a two-step mix.
 * @param seed a non-negative integer; what is above 32 bits is folded in
 */
export function seededRandom(seed: number): RandomSource {
  let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in random order (Fisher and Yates, in Durstenfeld's form: Communications of the ACM 7(7), 1964, algorithm 235). */
export function shuffled<T>(items: readonly T[], random: RandomSource): T[] {
  const order = items.map((item) => ({ item }));
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    const [a, b] = [order[last], order[chosen]];
    if (a !== undefined && b !== undefined) [order[last], order[chosen]] = [b, a];
  }
  return order.map((entry) => entry.item);
}
