export interface Ratio {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

/** Of all rank sums below, the share that an interval leaves out at each end. */
const tail = 0.025;

/** The largest k with P(W < k) <= 2.5 % for Wilcoxon's signed rank sum W of n pairs, at least 1: W is counted over all 2^n signs, each rank once. */
export function criticalRankSum(pairs: number): number {
  const sums = (pairs * (pairs + 1)) / 2;
  let shares = [1, ...Array.from({ length: sums }, () => 0)];
  for (let rank = 1; rank <= pairs; rank++) {
    shares = shares.map((share, sum) => (share + (shares[sum - rank] ?? 0)) / 2);
  }
  let below = 0;
  let critical = 0;
  while (below + (shares[critical] ?? 1) <= tail) below += shares[critical++] ?? 1;
  return Math.max(1, critical);
}

/**
 * Ratio of pairs by J. L. Hodges and E. L. Lehmann (Annals of Mathematical Statistics 34, 1963) with Wilcoxon's exact 95 % interval, on the logarithms: the
 * median of all means of two. One boot in ten is slowed down by half by what else the machine does; a mean would tell mostly of these. At least six pairs for 95 %.
 */
export function pairedRatio(pairs: readonly (readonly [number, number])[]): Ratio {
  const logs = pairs.map(([ours, theirs]) => Math.log(ours / theirs));
  const means = logs.flatMap((first, index) => logs.slice(index).map((second) => (first + second) / 2));
  const sorted = means.toSorted((a, b) => a - b);
  const critical = criticalRankSum(logs.length);
  return {
    estimate: Math.exp(median(sorted)),
    low: Math.exp(sorted[critical - 1] ?? Number.NaN),
    high: Math.exp(sorted.at(-critical) ?? Number.NaN),
    pairs: logs.length,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
    : (sorted[Math.floor(middle)] ?? Number.NaN);
}

export function ratioText({ estimate, low, high, pairs }: Ratio): string {
  return `${estimate.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]  n=${String(pairs)}`;
}
