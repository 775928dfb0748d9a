import { describe, expect, it } from 'vitest';
import { driverOf } from './drivers.ts';
import { resolveOptions } from './vmm-option.ts';

describe("a VMM's own options", () => {
  const qemu = driverOf('qemu');

  it('are filled in with its defaults', () => {
    expect(resolveOptions(qemu, {})).toEqual({ options: { machine: 'microvm', modern: false }, refusals: [] });
    expect(resolveOptions(qemu, { machine: 'q35' }).options).toMatchObject({ machine: 'q35' });
  });

  it('are refused where it has none of that name or value', () => {
    const { refusals } = resolveOptions(qemu, { machine: 'isapc', iothread: true });
    expect(refusals.map(({ field }) => field)).toEqual(['vmm.options.iothread', 'vmm.options.machine']);
    expect(refusals[0]?.message).toContain('it has machine, modern');
  });
});
