import { describe, expect, it } from 'vitest';
import { bimodalityOf } from './bimodality.ts';

describe('bimodalityOf', () => {
  it('finds two tight groups and where they are, in whatever order', () => {
    const found = bimodalityOf([9.1, 8.41, 9.12, 8.4, 8.42, 9.08]);
    expect(found.isBimodal).toBe(true);
    expect(found.modes?.[0]).toBeCloseTo(8.41, 10);
    expect(found.modes?.[1]).toBeCloseTo(9.1, 10);
  });

  it('takes figures that spread evenly, or one stray, for one group', () => {
    expect(bimodalityOf([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ isBimodal: false, modes: null, reason: null });
    expect(bimodalityOf([1, 1.1, 0.9, 1.05, 0.95, 1, 1.02, 3]).isBimodal).toBe(false);
  });

  it('says that five boots are too few', () => {
    expect(bimodalityOf([1, 1, 1, 2, 2])).toMatchObject({
      isBimodal: false,
      reason: 'Too few boots to say whether there are two groups: 6 are needed.',
    });
  });

  it('finds nothing in figures that never change or are none', () => {
    expect(bimodalityOf([3, 3, 3, 3, 3, 3, 3])).toMatchObject({ isBimodal: false, reason: null });
    expect(bimodalityOf([3, 3, Infinity, 3, 3, 3])).toMatchObject({
      isBimodal: false,
      reason: "A boot's figure is not a finite number.",
    });
  });
});
