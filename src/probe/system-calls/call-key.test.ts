import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCallKey, encodeCallKey } from './call-key.ts';

const key = fc.record({
  tid: fc.integer({ min: 1, max: 2 ** 22 - 1 }),
  id: fc.integer({ min: 0, max: 1023 }),
  request: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

it('a key comes back from its number, printed signed as bpftrace does', () => {
  fc.assert(
    fc.property(key, (original) => {
      expect(decodeCallKey(String(BigInt.asIntN(64, encodeCallKey(original))))).toEqual(original);
    }),
  );
});

it('different calls have different numbers', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const isEqual = a.tid === b.tid && a.id === b.id && a.request === b.request;
      expect(encodeCallKey(a) === encodeCallKey(b)).toBe(isEqual);
    }),
  );
});
