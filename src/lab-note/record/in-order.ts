/** Place of the first of some values, in the order of their lines, that does not stand above `line`; their number where all do. */
export function firstFrom<T>(values: readonly T[], lineOf: (value: T) => number, line: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && lineOf(value) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
