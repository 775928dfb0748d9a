import type { RandomSource } from './random.ts';

/** Resamples of a bootstrap unless told; the ends of an interval are then known to about a hundredth of its width, and with 1,000 to three. */
const usualResamples = 10_000;
/** With many boots fewer resamples do, as the mean is then all but normal: this many values are drawn for each side at most. */
const drawsAtMost = 500_000;
const fewestResamples = 1_000;

/** How many resamples are taken of `boots` values, unless the caller says. */
export function resamplesFor(boots: number): number {
  return Math.min(usualResamples, Math.max(fewestResamples, Math.floor(drawsAtMost / boots)));
}

/** Means of `resamples` samples of the same size, drawn with replacement. */
export function resampledMeans(values: Float64Array, resamples: number, random: RandomSource): Float64Array {
  const means = new Float64Array(resamples);
  const count = values.length;
  for (let at = 0; at < resamples; at += 1) {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[Math.floor(random() * count)] ?? 0;
    means[at] = sum / count;
  }
  return means;
}
