/** A figure of each; null where one of them has none. */
export function eachOf<T, V>(list: readonly T[], of: (one: T) => V | null): V[] | null {
  const known = list.map(of).filter((value) => value !== null);
  return known.length < list.length ? null : known;
}

/** The sum of a figure; null where one of them has none. */
export function sumOf<T>(list: readonly T[], of: (one: T) => number | null): number | null {
  return eachOf(list, of)?.reduce((sum, value) => sum + value, 0) ?? null;
}

/** The greatest of a figure; null where one of them has none. */
export function mostOf<T>(list: readonly T[], of: (one: T) => number | null): number | null {
  const each = eachOf(list, of);
  return each === null ? null : Math.max(...each);
}

/** What all of them say; null where they differ. */
export function commonOf<T, V extends string | number>(list: readonly T[], of: (one: T) => V | null): V | null {
  const values = new Set(list.map(of));
  const [value = null] = values;
  return values.size === 1 ? value : null;
}
