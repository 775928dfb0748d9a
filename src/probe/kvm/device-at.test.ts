import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressRegion } from '../../record/address-region.ts';
import type { AddressCount } from './counts.ts';
import { accessesByDevice, deviceAt } from './device-at.ts';
import { platformRegions } from './platform-region-table.ts';

const virtio: AddressRegion = {
  name: 'virtio-mmio',
  kind: 'mmio',
  start: 0xfeb0_0000,
  lengthBytes: 24 * 512,
  strideBytes: 512,
  registers: 'virtio-mmio',
};
const regions = [virtio, ...platformRegions];

const kind = fc.constantFrom('mmio' as const, 'pio' as const);
const region = fc.record({
  name: fc.constantFrom('serial port', 'I/O APIC', 'card'),
  kind,
  start: fc.nat({ max: 2 ** 30 }),
  lengthBytes: fc.integer({ min: 1, max: 2 ** 20 }),
});

describe('the device at an address', () => {
  it.each([
    ['mmio', 0xfeb0_0050, 'virtio-mmio 0 QueueNotify'],
    ['mmio', 0xfeb0_2e60, 'virtio-mmio 23 InterruptStatus'],
    ['mmio', 0xfeb0_2e64, 'virtio-mmio 23 InterruptACK'],
    ['mmio', 0xfeb0_2f04, 'virtio-mmio 23 configuration'],
    ['mmio', 0xfeb0_00f0, 'virtio-mmio 0 0xf0'],
    ['mmio', 0xfeb0_3000, '0xfeb03000'],
    ['mmio', 0xfec0_0010, 'I/O APIC'],
    ['mmio', 0xfee0_00b0, 'local APIC'],
    ['mmio', 0xfed0_00f0, 'HPET'],
    ['mmio', 0xc000_1234, '0xc0001000'],
    ['pio', 0x3f8, 'serial port'],
    ['pio', 0x3ff, 'serial port'],
    ['pio', 0x71, 'real-time clock'],
    ['pio', 0x43, 'timer (8254)'],
    ['pio', 0x64, 'keyboard controller (i8042)'],
    ['pio', 0xcfc, 'PCI configuration'],
    ['pio', 0x511, '0x511'],
  ] as const)('%s %i is %s', (of, address, device) => {
    expect(deviceAt({ kind: of, address }, regions)).toBe(device);
  });

  it('is that of the region which holds it, from its first byte to its last, and of no other kind', () => {
    fc.assert(
      fc.property(region, fc.nat(), (one, seed) => {
        const address = one.start + (seed % one.lengthBytes);
        expect(deviceAt({ kind: one.kind, address }, [one])).toBe(one.name);
        expect(deviceAt({ kind: one.kind === 'mmio' ? 'pio' : 'mmio', address }, [one])).toMatch(/^0x/);
        expect(deviceAt({ kind: one.kind, address: one.start + one.lengthBytes }, [one])).toMatch(/^0x/);
      }),
    );
  });

  it('is that of the first of several regions: the VMM knows better than the platform', () => {
    const own: AddressRegion = { name: 'own', kind: 'pio', start: 0x3f8, lengthBytes: 1 };
    expect(deviceAt({ kind: 'pio', address: 0x3f8 }, [own, ...platformRegions])).toBe('own');
    expect(deviceAt({ kind: 'pio', address: 0x3f9 }, [own, ...platformRegions])).toBe('serial port');
  });
});

it('no two regions of the platform overlap', () => {
  for (const one of platformRegions) {
    const others = platformRegions.filter((other) => other !== one && other.kind === one.kind);
    expect(
      others.every(
        (other) => other.start >= one.start + one.lengthBytes || one.start >= other.start + other.lengthBytes,
      ),
    ).toBe(true);
  }
});

describe('accesses by device', () => {
  const access = fc.record({
    kind,
    address: fc.option(fc.nat({ max: 2 ** 31 }), { nil: null }),
    count: fc.integer({ min: 1, max: 1e6 }),
  });

  it('lose none, and name each device once', () => {
    fc.assert(
      fc.property(fc.array(access), (accesses: AddressCount[]) => {
        const devices = accessesByDevice(accesses, regions);
        const total = (of: readonly { count: number }[]): number => of.reduce((sum, { count }) => sum + count, 0);
        expect(total(devices)).toBe(total(accesses));
        expect(new Set(devices.map((one) => `${one.kind} ${one.device}`)).size).toBe(devices.length);
        expect(devices.map(({ count }) => count)).toEqual(devices.map(({ count }) => count).toSorted((a, b) => b - a));
      }),
    );
  });

  it('are those of a page together where nobody knows it', () => {
    const accesses = [0xc000_0000, 0xc000_0ffc, 0xc000_1000].map((address) => ({
      kind: 'mmio' as const,
      address,
      count: 2,
    }));
    expect(accessesByDevice(accesses, [])).toEqual([
      { device: '0xc0000000', kind: 'mmio', count: 4 },
      { device: '0xc0001000', kind: 'mmio', count: 2 },
    ]);
  });

  it('say so where addresses were not told apart', () => {
    const accesses = [{ kind: 'pio' as const, address: null, count: 9 }];
    expect(accessesByDevice(accesses, regions)).toEqual([
      { device: 'more addresses than are told apart', kind: 'pio', count: 9 },
    ]);
  });
});
