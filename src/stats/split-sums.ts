function ascending(one: number, other: number): number {
  return one - other;
}

/** For each size, the ascending sums of all choices of so many of the values. */
function sumsBySize(values: Float64Array): number[][] {
  const bySize: number[][] = [[0]];
  for (const value of values) {
    bySize.push([]);
    for (let size = bySize.length - 1; size > 0; size -= 1) {
      for (const sum of bySize[size - 1] ?? []) bySize[size]?.push(sum + value);
    }
  }
  return bySize.map((sums) => sums.sort(ascending));
}

/** How many pairs of one value of each ascending list add up to at least `bound` in size, `bound` above 0. */
function pairsBeyond(bound: number, ones: readonly number[], others: readonly number[]): number {
  let pairs = 0;
  let above = others.length;
  let below = others.length;
  for (const one of ones) {
    while (above > 0 && one + (others[above - 1] ?? 0) >= bound) above -= 1;
    while (below > 0 && one + (others[below - 1] ?? 0) > -bound) below -= 1;
    pairs += others.length - above + below;
  }
  return pairs;
}

/**
 * How many choices of `chosen` of the values have a sum of at least `bound` in size, `bound` above 0. Counted without going through all of them:
 * the sums of each half's choices are sorted and the pairs counted (E. Horowitz and S. Sahni, Journal of the ACM 21, 1974), so that 10 of 20
 * take two thousand sums and not 184,756.
 */
export function choicesBeyond(values: Float64Array, chosen: number, bound: number): number {
  const middle = values.length >> 1;
  const right = sumsBySize(values.subarray(middle));
  return sumsBySize(values.subarray(0, middle)).reduce(
    (count, sums, size) => count + pairsBeyond(bound, sums, right[chosen - size] ?? []),
    0,
  );
}
