import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCpuList } from '../host/cpu-list.ts';
import { cpuListText } from './cpu-list-text.ts';

describe('cpuListText', () => {
  it.each([
    [[], ''],
    [[5], '5'],
    [[8, 0, 1, 3, 2], '0-3,8'],
    [[0, 2, 4], '0,2,4'],
  ])('writes %j as %j', (cpus, text) => {
    expect(cpuListText(cpus)).toBe(text);
  });

  it('is read back as the same CPUs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300)), (cpus) => {
        expect(parseCpuList(cpuListText(cpus))).toEqual(cpus.toSorted((a, b) => a - b));
      }),
    );
  });
});
