import { exponentOf, meanOf, timesPowerOfTwo, unusable } from './moments.ts';
import { type RandomSource, seededRandom } from './random.ts';
import type { TwoSides } from './ratio.ts';
import { choicesBeyond } from './split-sums.ts';

/** Up to this many ways of splitting the boots into sides of different sizes all are tried: 10 against 11 has 352,716. */
const usualLimit = 500_000;
/** Up to this many where the sides are equal, as these can be counted by their sums: 14 against 14 has 40,116,600. */
const usualLimitOfEqual = 41_000_000;
/** Random splits beyond that; the p-value's own error at 0.05 is then 0.002. */
const usualSplits = 10_000;
/** With many boots fewer splits do (at least 2,000: an error of 0.005 at 0.05): this many boots are drawn at most. */
const drawsAtMost = 1_000_000;
const fewestSplits = 2_000;
/** Statistics this near to the observed one, relatively, are ties with it: they differ by rounding only. */
const tieShare = 1e-9;
/** Sums of values of about 1 this near to each other are ties too. */
const rounding = 1e-13;
/** Below this share of the whole, the variance within a split is taken for this share: a split without any would make the statistic infinite. */
const varianceFloor = 1e-6;

export interface PermutationTest {
  /** Two-sided; null where there is no test (`reason` says why). */
  readonly pValue: number | null;
  /** True where every split was tried. */
  readonly isExact: boolean;
  /** Splits that were tried, the observed one included where exact. */
  readonly permutations: number;
  readonly reason: string | null;
}

export interface PermutationOptions extends TwoSides {
  readonly seed: number;
  /** Up to how many splits all are counted; unless told 500,000, and 41,000,000 (14 against 14) where the sides are equal. */
  readonly limit?: number;
}

/** How many ways there are to choose `chosen` of `all`; Infinity where a double can't hold it. */
function combinations(all: number, chosen: number): number {
  let count = 1;
  for (let at = 1; at <= Math.min(chosen, all - chosen); at += 1) {
    count = (count * (all - Math.min(chosen, all - chosen) + at)) / at;
    if (count > Number.MAX_SAFE_INTEGER) return Infinity;
  }
  return Math.round(count);
}

/**
 * The least two-sided p-value that so many boots can give: with equal sides the mirrored split is as extreme.
 * @returns 1 where a side is empty
 */
export function smallestPValue(baseline: number, candidate: number): number {
  if (baseline === 0 || candidate === 0) return 1;
  return Math.min(1, (baseline === candidate ? 2 : 1) / combinations(baseline + candidate, baseline));
}

/** What a split is judged by: squared, so that both directions count. */
type Statistic = (sum: number, squares: number) => number;

/**
 * Welch's squared t of a split, from the sum and the sum of squares of one side (all values centred, so that the other side's sum is its negative).
 * Studentizing keeps the test valid where the sides differ in spread and size: A. Janssen, Statistics & Probability Letters 36 (1997);
 * E. Chung and J. P. Romano, Annals of Statistics 41 (2013). With equal sides it orders the splits as the difference of means does.
 */
function welchSquared(values: Float64Array, chosen: number): Statistic {
  const others = values.length - chosen;
  let total = 0;
  for (const value of values) total += value * value;
  if (chosen === others || chosen < 2 || others < 2) return (sum) => sum * sum;
  const least = (varianceFloor * total) / (values.length * values.length);
  return (sum, squares) => {
    const ours = (squares - (sum * sum) / chosen) / (chosen * (chosen - 1));
    const theirs = (total - squares - (sum * sum) / others) / (others * (others - 1));
    return (sum * sum) / Math.max(ours + theirs, least);
  };
}

interface Splits {
  readonly values: Float64Array;
  readonly chosen: number;
  readonly statistic: Statistic;
  /** A split at or above this is as extreme as the observed one. */
  readonly bound: number;
  /** Size of the observed side's sum. */
  readonly sum: number;
}

/**
 * Counts, over all splits, those as extreme as observed. The places chosen go up like the digits of a number (D. E. Knuth, The Art of Computer
 * Programming 4A, 7.2.1.3, algorithm L), each with the sums up to it, so that a step costs one addition and not a whole side.
 */
function extremeAmongAll({ values, chosen, statistic, bound }: Splits): number {
  const places = Int32Array.from({ length: chosen }, (_, at) => at);
  const sums = new Float64Array(chosen + 1);
  const squares = new Float64Array(chosen + 1);
  const slack = values.length - chosen;
  let extreme = 0;
  let changed = 0;
  do {
    for (let at = changed; at < chosen - 1; at += 1) {
      const value = values[places[at] ?? 0] ?? 0;
      sums[at + 1] = (sums[at] ?? 0) + value;
      squares[at + 1] = (squares[at] ?? 0) + value * value;
    }
    const sum = sums[chosen - 1] ?? 0;
    const square = squares[chosen - 1] ?? 0;
    for (let last = places[chosen - 1] ?? 0; last < values.length; last += 1) {
      const value = values[last] ?? 0;
      if (statistic(sum + value, square + value * value) >= bound) extreme += 1;
    }
    changed = chosen - 2;
    while (changed >= 0 && (places[changed] ?? 0) === slack + changed) changed -= 1;
    const first = (places[changed] ?? 0) + 1;
    for (let at = Math.max(changed, 0); at < chosen; at += 1) places[at] = first + at - changed;
  } while (changed >= 0);
  return extreme;
}

/** Counts, over all splits into equal sides, those whose difference of means, and so whose t, is as large as observed. */
function extremeAmongEqual({ values, chosen, sum }: Splits, ways: number): number {
  const bound = sum * (1 - tieShare) - rounding;
  return bound > 0 ? choicesBeyond(values, chosen, bound) : ways;
}

/** Counts, over random splits, those as extreme as observed: the first `chosen` places of a shuffle (R. Durstenfeld, Communications of the ACM 7, 1964). */
function extremeAmongRandom(
  { values, chosen, statistic, bound }: Splits,
  splits: number,
  random: RandomSource,
): number {
  const order = Float64Array.from(values);
  let extreme = 0;
  for (let split = 0; split < splits; split += 1) {
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < chosen; at += 1) {
      const from = at + Math.floor(random() * (order.length - at));
      const value = order[from] ?? 0;
      order[from] = order[at] ?? 0;
      order[at] = value;
      sum += value;
      squares += value * value;
    }
    if (statistic(sum, squares) >= bound) extreme += 1;
  }
  return extreme;
}

/** All values, divided by a power of two and centred; the smaller side first, as that is the cheaper one to draw. */
function pooled(smaller: readonly number[], larger: readonly number[]): Float64Array {
  const exponent = Math.max(exponentOf(smaller), exponentOf(larger));
  const values = Float64Array.from([...smaller, ...larger], (value) => timesPowerOfTwo(value, -exponent));
  const mean = meanOf(values.toSorted());
  return values.map((value) => value - mean);
}

function splitsOf({ baseline, candidate }: TwoSides): Splits {
  const isSmaller = candidate.length < baseline.length;
  const values = isSmaller ? pooled(candidate, baseline) : pooled(baseline, candidate);
  const chosen = Math.min(baseline.length, candidate.length);
  const statistic = welchSquared(values, chosen);
  let sum = 0;
  let squares = 0;
  for (const value of values.subarray(0, chosen)) {
    sum += value;
    squares += value * value;
  }
  // Sorted only now, so that neither the order of the boots nor which side is called the baseline changes what is drawn.
  return {
    values: values.sort(),
    chosen,
    statistic,
    bound: statistic(sum, squares) * (1 - tieShare),
    sum: Math.abs(sum),
  };
}

/**
 * Whether the two sides could be one: the share of all ways to split the boots into sides of these sizes whose difference is at least the observed one.
 * Exact where the ways are few; else a seeded random sample of them with p = (b + 1) / (m + 1), which never understates it
 * (B. Phipson and G. K. Smyth, Statistical Applications in Genetics and Molecular Biology 9, 2010).
 */
export function permutationTest(options: PermutationOptions): PermutationTest {
  const { baseline, candidate, seed } = options;
  const isEqual = baseline.length === candidate.length;
  const limit = options.limit ?? (isEqual ? usualLimitOfEqual : usualLimit);
  const problem = unusable(baseline) ?? unusable(candidate);
  if (problem !== null) return { pValue: null, isExact: false, permutations: 0, reason: problem };
  const splits = splitsOf({ baseline, candidate });
  const ways = combinations(splits.values.length, splits.chosen);
  if (ways <= limit) {
    const extreme = isEqual ? extremeAmongEqual(splits, ways) : extremeAmongAll(splits);
    return { pValue: extreme / ways, isExact: true, permutations: ways, reason: null };
  }
  const permutations = Math.min(usualSplits, Math.max(fewestSplits, Math.floor(drawsAtMost / splits.chosen))) - 1;
  const extreme = extremeAmongRandom(splits, permutations, seededRandom(seed));
  return { pValue: (extreme + 1) / (permutations + 1), isExact: false, permutations, reason: null };
}
