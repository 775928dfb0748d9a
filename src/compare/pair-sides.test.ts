import { describe, expect, it } from 'vitest';
import { sampleCeilingSide } from '../../test/sample/ceiling.ts';
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

  it('holds ceilings against ceilings of the same name only, after all else', () => {
    const above = (...names: string[]) => sampleCeilingSide(names, { rates: [2e10], means: [8_000] });
    const vm = (name: string) => sampleSide(name, { rates: [2e9], means: [80_000] });
    const topped = sampleComparedRun([vm('qemu'), above('qemu')]);
    const both = sampleComparedRun([vm('kvm'), vm('tcg'), above('kvm', 'tcg')]);
    expect(labels(['x', topped], ['y', topped])).toEqual(['y / x', 'y:ceiling / x:ceiling']);
    expect(labels(['x', topped], ['y', one])).toEqual(['y / x']);
    expect(labels(['x', both])).toEqual(['tcg / kvm']);
    expect(labels(['x', two], ['y', both], ['z', both])).toHaveLength(4);
    expect(labels(['x', both], ['y', both])).toEqual(['y:kvm / x:kvm', 'y:tcg / x:tcg', 'y:ceiling / x:ceiling']);
    expect(labels(['x:ceiling', topped, 'ceiling'], ['y:ceiling', both, 'ceiling'])).toEqual(['y:ceiling / x:ceiling']);
    expect(() => labels(['x', topped], ['x:ceiling', topped, 'ceiling'])).toThrow(
      expect.objectContaining({ code: 'NOT_COMPARABLE', message: 'x:ceiling is the ceiling of qemu: it has no VM' }),
    );
    expect(() => labels(['x', topped])).toThrow(
      expect.objectContaining({ message: expect.stringMatching('one configuration') as string }),
    );
  });

  it('refuses one side alone, and a configuration that is not there', () => {
    expect(() => labels(['x', one])).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }));
    expect(() => labels(['x', two, 'kvm'])).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }));
    expect(() => labels(['x', one], ['y', two, 'xen'])).toThrow(
      expect.objectContaining({ code: 'NOT_COMPARABLE', hint: 'It has: kvm, tcg' }),
    );
  });
});
