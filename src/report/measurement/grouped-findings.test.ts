import { describe, expect, it } from 'vitest';
import { findingText } from './grouped-findings.ts';

const message = '94 datagrams were lost';

describe('a finding in words', () => {
  it.each([
    [[], '', message],
    [[], 'every boot', `${message} (every boot)`],
    [['vm1'], '', `vm1: ${message}`],
    [['vm1', 'vm2'], '', `vm1: ${message} (also vm2)`],
    [['vm1', 'vm2', 'vm3'], 'boot 1, 3', `vm1: ${message} (also vm2, vm3; boot 1, 3)`],
    [['vm1', 'vm2', 'vm3', 'vm4', 'vm5'], '', `vm1: ${message} (also 4 more)`],
  ])('of %j, %j', (of, boots, text) => {
    expect(findingText({ of, message }, boots)).toBe(text);
  });
});
