import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInFile } from './built-in.ts';
import { loadExperiment } from './file/experiment-file.ts';
import { plan } from './plan.ts';
import { seededRandom, shuffled } from './plan-order.ts';

const { experiment } = await loadExperiment({ nameOrPath: builtInFile('quick'), overrides: [] });
const [only] = experiment.configurations;
if (only === undefined) throw new Error('the built-in has a configuration');
const manyNames = ['a', 'b', 'c', 'd', 'e'];
const many = { ...experiment, configurations: manyNames.map((name) => ({ ...only, name })) };

describe('plan', () => {
  it('boots one configuration once a block, with sortable ids', () => {
    expect(plan({ ...experiment, boots: 2 })).toEqual([
      { trialId: '001-default-b1', configuration: 'default', block: 1, boot: 1 },
      { trialId: '002-default-b2', configuration: 'default', block: 2, boot: 2 },
    ]);
  });

  it('boots every configuration exactly once in each block', () => {
    const trials = plan({ ...many, boots: 7 });
    for (let block = 1; block <= 7; block += 1) {
      const names = trials.filter((trial) => trial.block === block).map((trial) => trial.configuration);
      expect(names.sort()).toEqual(manyNames);
    }
  });

  it('gives the same order for the same seed and another for another', () => {
    const order = (seed: number) =>
      plan({ ...many, boots: 4, seed })
        .map((trial) => trial.configuration)
        .join('');
    expect(order(1)).toBe(order(1));
    expect(new Set([1, 2, 3, 2 ** 32 + 1].map(order)).size).toBe(4);
  });

  it('goes forwards and backwards by turns with abba, and as the file does with sequential', () => {
    const blocks = (order: 'abba' | 'sequential') => {
      const names = plan({ ...many, boots: 3, order }).map((trial) => trial.configuration);
      return [0, 5, 10].map((start) => names.slice(start, start + 5).join(''));
    };
    expect(blocks('abba')).toEqual(['abcde', 'edcba', 'abcde']);
    expect(blocks('sequential')).toEqual(['abcde', 'abcde', 'abcde']);
  });

  it('has every configuration exactly once in each block, in the same order for the same seed, whatever is asked', () => {
    const orders = fc.constantFrom('shuffled' as const, 'abba' as const, 'sequential' as const);
    const uniqueNames = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 6 });
    const asked = fc.record({ boots: fc.integer({ min: 1, max: 9 }), order: orders, seed: fc.nat() });
    fc.assert(
      fc.property(uniqueNames, asked, (names, changes) => {
        const { boots } = changes;
        const configurations = names.map((name) => ({ ...only, name }));
        const trials = plan({ ...experiment, configurations, ...changes });
        expect(trials).toEqual(plan({ ...experiment, configurations, ...changes }));
        expect(trials).toHaveLength(names.length * boots);
        expect(new Set(trials.map((trial) => trial.trialId)).size).toBe(trials.length);
        for (let block = 1; block <= boots; block += 1) {
          const inBlock = trials.slice((block - 1) * names.length, block * names.length);
          expect(inBlock.every((trial) => trial.block === block)).toBe(true);
          expect(inBlock.map((trial) => trial.configuration).sort()).toEqual([...names].sort());
        }
      }),
    );
  });

  it('keeps ids sortable past a thousand trials', () => {
    const ids = plan({ ...many, boots: 300 }).map((trial) => trial.trialId);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('the random order', () => {
  it('is mulberry32', () => {
    const random = seededRandom(1);
    // Made by the generator written out in Python with 32-bit masks, seed 1.
    const expected = [2_693_262_067, 11_749_833, 2_265_367_787, 4_213_581_821];
    expect(expected.map(() => Math.round(random() * 2 ** 32))).toEqual(expected);
  });

  it('keeps every item, repeated ones and undefined included', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), fc.nat(), (items, seed) => {
        const sorted = (list: readonly (number | undefined)[]) => list.map(String).sort();
        expect(sorted(shuffled(items, seededRandom(seed)))).toEqual(sorted(items));
      }),
    );
  });

  it('gives each order of three about equally often', () => {
    const random = seededRandom(7);
    const counts = new Map<string, number>();
    for (let round = 0; round < 6000; round += 1) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // Chi-squared with 5 degrees of freedom: 20.5 is the 0.999 quantile.
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(6);
    expect(chiSquared).toBeLessThan(20.5);
  });
});
