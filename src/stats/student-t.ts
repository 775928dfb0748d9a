import { normalQuantile } from './normal.ts';

const lanczos: readonly number[] = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Logarithm of the gamma function for x >= 0.5, by C. Lanczos's series (SIAM J. Numerical Analysis 1, 1964) with P. Godfrey's coefficients (g = 7, n = 9). */
function logGamma(x: number): number {
  const base = x + 6.5;
  const series = lanczos.reduce((sum, coefficient, at) => sum + coefficient / (x + at), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

/** Term `at` (from 1) of the continued fraction of the incomplete beta function: Digital Library of Mathematical Functions, 8.17.23. */
function betaTerm(at: number, { a, b, x }: { readonly a: number; readonly b: number; readonly x: number }): number {
  const m = Math.floor(at / 2);
  if (at % 2 === 0) return (m * (b - m) * x) / ((a + at - 1) * (a + at));
  return (-(a + m) * (a + b + m) * x) / ((a + at - 1) * (a + at));
}

/** Keeps a denominator of the continued fraction from 0 (W. J. Lentz, Applied Optics 15, 1976, in the modified form). */
function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** The regularized incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22), with I_x(a, b) = 1 - I_(1-x)(b, a) where that converges faster. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let value = 1;
  let numerator = 1;
  let denominator = 0;
  for (let at = 1; at < 1000; at += 1) {
    const term = betaTerm(at, { a, b, x });
    denominator = 1 / awayFromZero(1 + term * denominator);
    numerator = awayFromZero(1 + term / numerator);
    const change = numerator * denominator;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front / value;
}

/**
 * Student's t distribution: the probability below `t`, to about 1e-13.
 * @param degrees degrees of freedom, above 0, not necessarily whole
 */
export function studentCdf(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

function studentDensity(t: number, degrees: number): number {
  const scale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2 + 1) + Math.log(degrees / 2);
  return Math.exp(scale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees)) / Math.sqrt(degrees * Math.PI);
}

/**
 * The `t` below which Student's t distribution has `probability` (above 0, below 1), to about 1e-13, relatively.
 * Newton's steps from the normal quantile, which is always nearer to 0: above 0 the distribution function is concave, so the steps come up to the root from one side.
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let t = normalQuantile(probability);
  for (let step = 0; step < 200; step += 1) {
    const change = (probability - studentCdf(t, degrees)) / studentDensity(t, degrees);
    t += change;
    if (Math.abs(change) <= 1e-14 * t) break;
  }
  return t;
}
