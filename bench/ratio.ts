/** Student's t, 97.5 %, by degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2). */
const t975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131];
const t975Normal = 1.96;

export interface Ratio {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

/** Geometric mean of the pairs' ratios with its 95 % interval (t on the logarithms). At least two pairs. */
export function pairedRatio(pairs: readonly (readonly [number, number])[]): Ratio {
  const logs = pairs.map(([ours, theirs]) => Math.log(ours / theirs));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (logs.length - 1);
  const half = (t975[logs.length - 2] ?? t975Normal) * Math.sqrt(variance / logs.length);
  return { estimate: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half), pairs: pairs.length };
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
