import { describe, expect, it } from 'vitest';
import { sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import type { Run } from '../record/run.ts';
import { pairsOf } from './pair-sides.ts';

function runOf(...names: string[]): Run {
  return sampleComparedRun(names.map((name) => sampleSide(name, { rates: [2e9], means: [80_000] })));
}

const one = runOf('qemu');
const two = runOf('kvm', 'tcg');

function labels(...sides: readonly (readonly [text: string, run: Run, configuration?: string])[]): string[] {
  const named = sides.map(([text, run, configuration]) => ({ text, run, configuration: configuration ?? null }));
  return pairsOf(named).map(({ baseline, candidate }) => `${candidate.label} / ${baseline.label}`);
}

describe('pairsOf', () => {
  it('compares every further side with the first', () => {
    expect(labels(['x', one], ['y', one], ['z:tcg', two, 'tcg'])).toEqual(['y / x', 'z:tcg / x']);
  });

  it('compares the configurations of one run with its first', () => {
    expect(labels(['x', runOf('a', 'b', 'c')])).toEqual(['b / a', 'c / a']);
  });

  it('pairs the configurations of two runs by name where both have the same', () => {
    expect(labels(['x', two], ['y', runOf('tcg', 'kvm')])).toEqual(['y:kvm / x:kvm', 'y:tcg / x:tcg']);
  });

  it('tells a side that is named twice apart', () => {
    expect(labels(['x', one], ['x', one])).toEqual(['x (2) / x']);
  });

  it('asks which configuration is meant, and lists them', () => {
    const error = {
      code: 'NOT_COMPARABLE',
      message: 'y has several configurations: kvm, tcg',
      hint: 'Say which one, as y:kvm',
    };
    expect(() => labels(['x', one], ['y', two])).toThrow(expect.objectContaining(error));
  });

  it('refuses one side alone, and a configuration that is not there', () => {
    expect(() => labels(['x', one])).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }));
    expect(() => labels(['x', two, 'kvm'])).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }));
    expect(() => labels(['x', one], ['y', two, 'xen'])).toThrow(
      expect.objectContaining({ code: 'NOT_COMPARABLE', hint: 'It has: kvm, tcg' }),
    );
  });
});
