/** The sum of a figure; null where one of them has none. */
export function sumOf<T>(list: readonly T[], of: (one: T) => number | null): number | null {
  let sum = 0;
  for (const one of list) {
    const value = of(one);
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

/** What all of them say; null where they differ. */
export function commonOf<T, V extends string | number>(list: readonly T[], of: (one: T) => V | null): V | null {
  const values = new Set(list.map(of));
  const [value = null] = values;
  return values.size === 1 ? value : null;
}
