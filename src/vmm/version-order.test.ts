import { describe, expect, it } from 'vitest';
import { isEarlier } from './version-order.ts';

describe('the order of versions', () => {
  it('goes by numbers, not by letters', () => {
    expect(isEarlier('1.9.2', '1.10')).toBe(true);
    expect(isEarlier('1.10', '1.9.2')).toBe(false);
    expect(isEarlier('1.10.0', '1.10')).toBe(false);
    expect(isEarlier('1', '1.0.1')).toBe(true);
  });

  it('takes what is no number for 0', () => {
    expect(isEarlier('1.x', '1.1')).toBe(true);
    expect(isEarlier('unknown', '0.0')).toBe(false);
  });
});
