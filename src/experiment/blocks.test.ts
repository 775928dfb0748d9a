import { describe, expect, it } from 'vitest';
import { isEachBootSound, type RanTrial } from '../record/repetition.ts';
import { blocksOf, pendingOf, repetitionsOf } from './blocks.ts';

const plan = [
  { trialId: '001-b-b1', configuration: 'b', block: 1, boot: 1 },
  { trialId: '002-a-b1', configuration: 'a', block: 1, boot: 1 },
  { trialId: '003-a-b2', configuration: 'a', block: 2, boot: 2 },
];
const [first] = blocksOf(plan);

function ran(trialId: string, isSound: boolean, repeats: string | null = null): RanTrial {
  return { trialId, repeats, isSound };
}

describe('blocks', () => {
  it('are those of the plan, in its order', () => {
    expect(blocksOf(plan).map(({ number, trials }) => [number, trials.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('go on with what has not run', () => {
    expect(first === undefined ? null : pendingOf(first, [ran('001-b-b1', false)])).toEqual([
      { ...plan[1], repeats: null },
    ]);
  });

  it('repeat what came to nothing under an id of its own, in the order of the block', () => {
    const done = [ran('002-a-b1', false), ran('001-b-b1', false)];
    expect(first === undefined ? null : repetitionsOf(first, done)).toEqual([
      { ...plan[0], trialId: '001-b-b1.2', repeats: '001-b-b1' },
      { ...plan[1], trialId: '002-a-b1.2', repeats: '002-a-b1' },
    ]);
  });

  it('repeat nothing twice, and nothing that is sound', () => {
    const done = [ran('001-b-b1', false), ran('001-b-b1.2', false, '001-b-b1'), ran('002-a-b1', true)];
    expect(first === undefined ? null : repetitionsOf(first, done)).toEqual([]);
  });

  it('are sound where each trial is, or its repetition', () => {
    expect(isEachBootSound([ran('1', false), ran('1.2', true, '1'), ran('2', true)])).toBe(true);
    expect(isEachBootSound([ran('1', false), ran('1.2', false, '1'), ran('2', true)])).toBe(false);
    expect(isEachBootSound([ran('1', false)])).toBe(false);
  });
});
