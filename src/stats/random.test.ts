import { describe, expect, it } from 'vitest';
import { seededRandom, seedOf } from './random.ts';

function drawn(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
}

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    expect(drawn(7, 20)).toEqual(drawn(7, 20));
    expect(drawn(7, 20)).not.toEqual(drawn(8, 20));
    expect(drawn(7, 20)).not.toEqual(drawn(7 + 2 ** 32, 20));
  });

  it('fall evenly into 16 bins, alone and in pairs', () => {
    const values = drawn(1, 64_000);
    for (const lag of [0, 1]) {
      const bins = new Map<number, number>();
      for (const [at, value] of values.entries()) {
        const bin = Math.floor(4 * value) * 4 + Math.floor(lag === 0 ? (16 * value) % 4 : 4 * (values[at + lag] ?? 0));
        bins.set(bin, (bins.get(bin) ?? 0) + 1);
      }
      const chiSquared = [...bins.values()].reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0);
      expect(bins.size).toBe(16);
      // scipy 1.17.1: chi2.ppf(0.9999, 15) = 44.26.
      expect(chiSquared).toBeLessThan(44.26);
    }
  });

  it('have seeds of their own by name', () => {
    const seeds = ['throughput', 'latency.p50', 'latency.p99', ''].flatMap((text) => [
      seedOf(text, 1),
      seedOf(text, 2),
    ]);
    expect(new Set(seeds).size).toBe(8);
    expect(seedOf('latency.p50', 1)).toBe(seedOf('latency.p50', 1));
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });
});
