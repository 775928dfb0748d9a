import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleElf } from '../../../test/sample/elf.ts';
import { readElf } from './elf.ts';
import { moduleDependencies, moduleOrder, moduleRelease } from './module-order.ts';

/** As `modinfo -F depends` says it of Debian's 6.1.0-56-cloud-amd64. */
const debian = new Map([
  ['virtio_ring', []],
  ['virtio', ['virtio_ring']],
  ['failover', []],
  ['net_failover', ['failover']],
  ['virtio_net', ['virtio_ring', 'virtio', 'net_failover']],
  ['virtio_mmio', ['virtio_ring', 'virtio']],
]);

describe('moduleOrder', () => {
  it('puts what a module needs before it, each once', () => {
    expect(moduleOrder(['virtio_net', 'virtio_mmio'], debian)).toEqual([
      'virtio_ring',
      'virtio',
      'failover',
      'net_failover',
      'virtio_net',
      'virtio_mmio',
    ]);
  });

  it('takes a dash for an underscore', () => {
    expect(moduleOrder(['net-failover'], debian)).toEqual(['failover', 'net_failover']);
  });

  it('leaves out what is built into the kernel', () => {
    const builtIn = new Map([['virtio_net', ['virtio', 'net_failover']]]);
    expect(moduleOrder(['virtio_mmio', 'virtio_net'], builtIn)).toEqual(['virtio_net']);
  });

  it('names the modules that need each other in a circle', () => {
    const circle = new Map([
      ['a', ['b']],
      ['b', ['a']],
    ]);
    expect(() => moduleOrder(['a'], circle)).toThrow(/a -> b -> a/);
  });

  it('holds for any modules that need only earlier ones', () => {
    const samples = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(samples, fc.array(fc.nat(9)), (needs, wanted) => {
        const name = (index: number) => `m${String(index)}`;
        const modules = new Map(
          needs.map((list, index) => [name(index), list.filter((other) => other < index).map(name)]),
        );
        const order = moduleOrder(wanted.map(name), modules);
        expect(new Set(order).size).toBe(order.length);
        for (const [index, module] of order.entries()) {
          expect(order.slice(0, index)).toEqual(expect.arrayContaining(modules.get(module) ?? ['not a module']));
        }
        expect(order).toEqual(expect.arrayContaining(wanted.map(name).filter((module) => modules.has(module))));
      }),
    );
  });
});

const module = (modinfo: string) => readElf(sampleElf({ sections: { '.modinfo': Buffer.from(modinfo) } }), 'x.ko');

describe('moduleRelease', () => {
  it('is the first word of vermagic=, null where there is none', () => {
    expect(moduleRelease(module('license=GPL\0vermagic=6.1.0-56-cloud-amd64 SMP \0'))).toBe('6.1.0-56-cloud-amd64');
    expect(moduleRelease(module('license=GPL\0'))).toBeNull();
  });
});

describe('moduleDependencies', () => {
  it('reads depends= among the other fields', () => {
    const modinfo = 'license=GPL\0depends=virtio_ring,net-failover\0name=virtio_net\0';
    expect(moduleDependencies(module(modinfo))).toEqual(['virtio_ring', 'net_failover']);
  });

  it('finds none where the field is empty or missing', () => {
    expect(moduleDependencies(module('license=GPL\0depends=\0'))).toEqual([]);
    expect(moduleDependencies(readElf(sampleElf(), 'x.ko'))).toEqual([]);
  });
});
