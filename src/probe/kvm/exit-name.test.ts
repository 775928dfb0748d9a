import { describe, expect, it } from 'vitest';
import { exitName, returnName } from './exit-name.ts';

describe('the name of an exit', () => {
  it.each([
    [1, 1, 'EXTERNAL_INTERRUPT'],
    [1, 12, 'HLT'],
    [1, 49, 'EPT_MISCONFIG'],
    [1, 0x8000_0021, 'INVALID_STATE FAILED_VMENTRY'],
    [1, 999, '0x3e7'],
    [2, 0x60, 'interrupt'],
    [2, 0x78, 'hlt'],
    [2, 0x7b, 'io'],
    [2, 0x7c, 'msr'],
    [2, 0x4e, 'PF excp'],
    [2, 0x400, 'npf'],
    [2, 0xffff_ffff, 'invalid_guest_state'],
    [2, 0x7fff, '0x7fff'],
    [3, 12, '0xc'],
  ])('of set %i, reason %i, is %s', (isa, reason, name) => {
    expect(exitName(isa, reason)).toBe(name);
  });
});

describe('the name of a return to the VMM', () => {
  it.each([
    [0, 2, 'IO'],
    [0, 5, 'HLT'],
    [0, 6, 'MMIO'],
    [0, 26, 'IOAPIC_EOI'],
    [0, 999, '0x3e7'],
    [4, 0, 'EINTR'],
    [11, 0, 'EAGAIN'],
    [512, 0, 'error 512'],
  ])('with error %i and reason %i is %s', (error, reason, name) => {
    expect(returnName(error, reason)).toBe(name);
  });
});
