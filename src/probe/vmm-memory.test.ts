import { expect, it } from 'vitest';
import { TapbenchError } from '../record/error.ts';
import { memoryOrReason, parseMemory, readMemory } from './vmm-memory.ts';

/** /proc/PID/smaps_rollup of Linux 6.18, cut to a part of its lines. */
const text = `562908a5e000-7ffe0e4a1000 ---p 00000000 00:00 0                          [rollup]
Rss:              180224 kB
Pss:              171008 kB
Pss_Dirty:        160000 kB
Shared_Clean:      12288 kB
Swap:                 64 kB
SwapPss:              32 kB
`;

it('the sums of smaps_rollup are in bytes', () => {
  expect(parseMemory(text)).toEqual({
    residentBytes: 180_224 * 1024,
    proportionalBytes: 171_008 * 1024,
    swapBytes: 64 * 1024,
  });
});

it('a text that is cut has no figures', () => {
  expect(() => parseMemory(text.slice(0, 120))).toThrow(/Pss: no number/);
  expect(() => parseMemory('')).toThrow(/Rss: no number/);
});

it('our own memory is what Node says it is, and what is shared counts less', () => {
  const { residentBytes, proportionalBytes } = readMemory(process.pid);
  expect(Math.abs(residentBytes / process.memoryUsage.rss() - 1)).toBeLessThan(0.2);
  expect(proportionalBytes).toBeLessThanOrEqual(residentBytes);
});

it('where the process has ended there is the reason', () => {
  // Beyond the largest pid (PID_MAX_LIMIT, 2^22).
  const reason = memoryOrReason(2 ** 22 + 1);
  expect(reason).toBeInstanceOf(TapbenchError);
  expect(reason).toMatchObject({ code: 'PROBE_FAILED', message: expect.stringContaining('has ended') as string });
});
