import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComparedMetric, compareMetrics, type MetricSamples } from './compare-metrics.ts';

const options = { seed: 4, resamples: 300 };
const steady = [100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.1];

function metric(change: Partial<MetricSamples>): MetricSamples {
  return { name: 'throughput', baseline: steady, candidate: steady, threshold: 0.03, betterIs: 'higher', ...change };
}

function only(compared: readonly ComparedMetric[]): ComparedMetric {
  const [one] = compared;
  if (one === undefined || compared.length !== 1)
    throw new Error(`one metric was asked about, ${compared.length} answered`);
  return one;
}

/** Every number in a result, at any depth. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const anyFigures = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1, 1e-300, 1e300, -1e300, 5e-324, Number.MAX_VALUE),
  ),
  { maxLength: 9 },
);
const usualFigures = fc.array(fc.double({ min: 1, max: 1.2, noNaN: true }), { minLength: 3, maxLength: 8 });

describe('compareMetrics', () => {
  it('calls two equal sides the same, and a change of 10 % better or worse', () => {
    expect(only(compareMetrics([metric({})], options))).toMatchObject({ verdict: 'same', flags: [], isExact: true });
    const candidate = steady.map((value) => value * 1.1);
    expect(only(compareMetrics([metric({ candidate })], options)).verdict).toBe('better');
    expect(only(compareMetrics([metric({ candidate, betterIs: 'lower' })], options)).verdict).toBe('worse');
  });

  it('holds each metric against all that were compared with it', () => {
    const candidate = [103.2, 104.4, 100.7, 103.9, 101.2, 104, 101.7, 104.1];
    const alone = only(compareMetrics([metric({ candidate })], options));
    const family = compareMetrics([metric({ candidate }), ...['a', 'b', 'c'].map((name) => metric({ name }))], options);
    expect(family[0]?.pValue).toBe(alone.pValue);
    expect(family[0]?.ratio).toEqual(alone.ratio);
    expect(family[0]?.adjustedPValue).toBeCloseTo(4 * (alone.pValue ?? 0), 12);
  });

  it('takes out the drift that both sides have in common where it knows the places', () => {
    const positions = { baseline: [0, 3, 5, 6, 9, 10, 12, 15], candidate: [1, 2, 4, 7, 8, 11, 13, 14] };
    const drifting = (places: readonly number[], ratio: number): number[] =>
      places.map((place, at) => ratio * ((steady[at] ?? 0) + 2 * place));
    const sides = { baseline: drifting(positions.baseline, 1), candidate: drifting(positions.candidate, 1.04) };
    expect(only(compareMetrics([metric(sides)], options)).verdict).toBe('cannot-tell');
    const known = only(compareMetrics([metric({ ...sides, positions })], options));
    expect(known.verdict).toBe('better');
    expect(known.ratio.value).toBeCloseTo(1.04, 2);
    expect(known.flags).toEqual(['drift']);
  });

  it.each([
    [
      'one boot',
      { baseline: [5], candidate: [6] },
      ['few-boots'],
      'An interval needs 3 boots a side, and one side has 1.',
    ],
    ['none', { baseline: [], candidate: steady }, ['few-boots'], 'There is no boot with this figure.'],
    ['a figure that is none', { baseline: [Number.NaN, ...steady] }, [], "A boot's figure is not a finite number."],
    [
      'no spread',
      { baseline: [4, 4, 4, 4, 4, 4], candidate: [4, 4, 4, 4, 4, 4] },
      ['zero-variance'],
      'On each side every boot gave the same figure: there is no spread to make an interval of.',
    ],
    ['figures below 0', { baseline: steady.map((value) => -value) }, [], 'A figure below 0 has no ratio.'],
    [
      'nothing but 0',
      { baseline: [0, 0, 0, 0, 0, 0], candidate: [0, 0, 0, 0, 0, 0] },
      ['zero-variance'],
      'Both sides are 0 in every boot: 0 to 0 is no ratio.',
    ],
  ])('cannot tell from %s', (...[, change, flags, reason]) => {
    expect(only(compareMetrics([metric(change)], options))).toMatchObject({ verdict: 'cannot-tell', flags, reason });
  });

  it('shows a change from one constant to another, which has no interval', () => {
    const sides = { baseline: [4, 4, 4, 4, 4, 4], candidate: [5, 5, 5, 5, 5, 5] };
    expect(only(compareMetrics([metric({ ...sides, betterIs: 'lower' })], options))).toMatchObject({
      verdict: 'worse',
      flags: ['zero-variance'],
    });
  });

  it('gives finite numbers or null, and never throws, whatever finite figures it is given', () => {
    fc.assert(
      fc.property(anyFigures, anyFigures, fc.boolean(), (baseline, candidate, isPlaced) => {
        const positions = {
          baseline: baseline.map((_, at) => 2 * at),
          candidate: candidate.map((_, at) => 2 * at + 1),
        };
        const sides = isPlaced ? { baseline, candidate, positions } : { baseline, candidate };
        const compared = only(compareMetrics([metric(sides)], { seed: 1, resamples: 100 }));
        expect(numbersIn(compared).filter((value) => !Number.isFinite(value))).toEqual([]);
        expect(compared.reason).toMatch(/\.$/);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same verdict and p-value in any unit and order of boots, and the opposite with the sides swapped', () => {
    fc.assert(
      fc.property(usualFigures, usualFigures, fc.integer({ min: -200, max: 200 }), (baseline, candidate, power) => {
        const plain = only(compareMetrics([metric({ baseline, candidate })], options));
        const inUnit = (side: readonly number[]): number[] => side.map((value) => value * 10 ** power).toReversed();
        const scaled = only(
          compareMetrics([metric({ baseline: inUnit(baseline), candidate: inUnit(candidate) })], options),
        );
        const swapped = only(compareMetrics([metric({ baseline: candidate, candidate: baseline })], options));
        const opposite = { better: 'worse', worse: 'better', same: 'same', 'cannot-tell': 'cannot-tell' } as const;
        expect(scaled.verdict).toBe(plain.verdict);
        expect(scaled.pValue).toBeCloseTo(plain.pValue ?? 2, 10);
        expect(swapped.pValue).toBeCloseTo(plain.pValue ?? 2, 10);
        expect(swapped.verdict).toBe(opposite[plain.verdict]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same every time', () => {
    const metrics = [metric({}), metric({ name: 'latency', candidate: steady.map((value) => value + 1) })];
    expect(compareMetrics(metrics, options)).toEqual(compareMetrics(metrics, options));
  });
});
