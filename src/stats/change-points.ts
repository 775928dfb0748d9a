import { exponentOf, isConstant, meanOf, timesPowerOfTwo, unusable } from './moments.ts';
import { type RandomSource, seededRandom } from './random.ts';

/** Each level has at least this many runs: of two alone it can't be told whether they are a level or strays. */
const levelFrom = 3;
/** A flat series is said to change in at most this share of cases. */
const falseAlarmRate = 0.05;
/** Random orders of a series; the p-value's own error at 0.05 is then 0.005. */
const orders = 1_999;

export interface ChangePoint {
  /** Place in the series of the first run of the new level. */
  readonly index: number;
  /** How often a series in random order has a step as clear as this one. */
  readonly pValue: number;
  /** Mean of the new level over mean of the one before; null where that is no number. */
  readonly ratio: number | null;
}

interface Step {
  readonly at: number;
  /** Between-levels sum of squares, larger for a clearer step. */
  readonly size: number;
}

/** The split of centred values into two levels that explains most: the CUSUM, standardized for where it is. */
function clearestStep(centred: Float64Array): Step {
  let best: Step = { at: 0, size: 0 };
  let sum = 0;
  const count = centred.length;
  for (let at = 1; at <= count - levelFrom; at += 1) {
    sum += centred[at - 1] ?? 0;
    const size = (sum * sum * count) / (at * (count - at));
    if (at >= levelFrom && size > best.size) best = { at, size };
  }
  return best;
}

function shuffle(values: Float64Array, random: RandomSource): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    const kept = values[last] ?? 0;
    values[last] = values[chosen] ?? 0;
    values[chosen] = kept;
  }
}

/** The clearest step of a series and how often random order has one as clear; null where it is too short for two levels or flat. */
function testedStep(series: readonly number[], random: RandomSource): (Step & { readonly pValue: number }) | null {
  if (series.length < 2 * levelFrom) return null;
  const exponent = exponentOf(series);
  const divided = Float64Array.from(series, (value) => timesPowerOfTwo(value, -exponent));
  const mean = meanOf(divided);
  const values = divided.map((value) => value - mean);
  const step = clearestStep(values);
  if (isConstant(divided, mean)) return null;
  let asClear = 0;
  for (let order = 0; order < orders; order += 1) {
    shuffle(values, random);
    if (clearestStep(values).size >= step.size * (1 - 1e-9)) asClear += 1;
  }
  return { ...step, pValue: (asClear + 1) / (orders + 1) };
}

/**
 * Where a history of runs changes its level: binary segmentation (A. J. Scott and M. Knott, Biometrics 30, 1974) on the largest standardized
 * CUSUM (E. S. Page, Biometrika 41, 1954), each step held against random orders of its stretch, as D. S. Matteson and N. A. James do
 * (Journal of the American Statistical Association 109, 2014). A level has at least 3 runs, so a step shows after its third run. A slow slope is
 * shown as steps. Nothing where there are fewer than 6 runs or a figure is not finite.
 * @param series one figure per run, in the order of time
 */
export function changePoints(series: readonly number[], { seed }: { readonly seed: number }): ChangePoint[] {
  if (unusable(series) !== null) return [];
  const random = seededRandom(seed);
  const found: { at: number; pValue: number }[] = [];
  const search = (from: number, to: number): void => {
    const step = testedStep(series.slice(from, to), random);
    if (step === null || step.pValue >= falseAlarmRate) return;
    found.push({ at: from + step.at, pValue: step.pValue });
    search(from, from + step.at);
    search(from + step.at, to);
  };
  search(0, series.length);
  const edges = found.toSorted((one, other) => one.at - other.at);
  return edges.map(({ at, pValue }, place) => {
    const before = meanOf(series.slice(edges[place - 1]?.at ?? 0, at));
    const after = meanOf(series.slice(at, edges[place + 1]?.at ?? series.length));
    const ratio = after / before;
    return { index: at, pValue, ratio: Number.isFinite(ratio) ? ratio : null };
  });
}
