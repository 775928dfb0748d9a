import { expect, it } from 'vitest';
import { startSkew } from './start-skew.ts';

const began = (beganNs: number | null) => ({ traffic: { end: 'quiet' as const, beganNs } });

it('is the time between the first and the last flow', () => {
  expect(startSkew([began(7e9), began(5e9), began(6e9)])).toEqual({ ns: 2e9, reason: null });
});

it('is none of one flow, and not known where a flow never began', () => {
  expect(startSkew([began(7e9)])).toEqual({ ns: null, reason: null });
  expect(startSkew([began(7e9), began(null)])).toEqual({ ns: null, reason: 'the traffic of a flow never began' });
});
