import { permutationTest } from '../../src/stats/permutation.ts';
import type { RandomSource } from '../../src/stats/random.ts';
import { studentCdf } from '../../src/stats/student-t.ts';
import { bootSpread, level, normal, secondSpread } from './boots.ts';

function moments(values: readonly number[]): { readonly mean: number; readonly share: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, share: squares / (values.length - 1) / values.length };
}

/** Two-sided p-value of Welch's t test (B. L. Welch, Biometrika 34, 1947). */
export function welch(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [moments(one), moments(other)];
  const total = a.share + b.share;
  const degrees = total ** 2 / (a.share ** 2 / (one.length - 1) + b.share ** 2 / (other.length - 1));
  return 2 * studentCdf(-Math.abs(a.mean - b.mean) / Math.sqrt(total), degrees);
}

/** Seconds of one boot: the boot has a level of its own, and each second varies around it. */
export function secondsOfBoot(count: number, ratio: number, random: RandomSource): number[] {
  const boot = level * ratio * (1 + bootSpread * normal(random));
  return Array.from({ length: count }, () => boot * (1 + secondSpread * normal(random)));
}

export interface PeerAnswer {
  /** p < 0.01. */
  readonly isSignificant: boolean;
  /** p < 0.01 and the means more than 5 % apart: the peer's alarm. */
  readonly isAlarm: boolean;
}

/** The permutation test of a peer: twenty one-second intervals of one boot a side, as if seconds were boots. */
export function peerTest(ratio: number, random: RandomSource): PeerAnswer {
  const baseline = secondsOfBoot(20, 1, random);
  const candidate = secondsOfBoot(20, ratio, random);
  const { pValue } = permutationTest({ baseline, candidate, seed: Math.floor(random() * 2 ** 32) });
  const isSignificant = pValue !== null && pValue < 0.01;
  const change = moments(candidate).mean / moments(baseline).mean - 1;
  return { isSignificant, isAlarm: isSignificant && Math.abs(change) > 0.05 };
}
