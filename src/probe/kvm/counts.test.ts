import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BpftraceOutput, type MapDump } from '../bpftrace-output.ts';
import { fullestMap } from '../system-calls/counts.ts';
import { keyLimit, kvmBetween, kvmTalliesOf } from './counts.ts';

/**
 * What bpftrace printed for the probe's script, each event of KVM played by a system call of a known number with the event's fields as its
 * arguments: 100 exits 0x400, 40 exits 0x78, 3 of the unknown 0x7fff, 2 of -1; 30 returns MMIO, 20 IOAPIC_EOI, 7 failed with EINTR; 10 reads of
 * +0x60 (each also unsatisfied) and writes of +0x64, 5 fast writes of +0x50; 6 accesses to port 0x3f8, 4 to 0x510. Before the second dump twice as many.
 */
function recorded(): MapDump[] {
  const dumps: MapDump[] = [];
  const output = new BpftraceOutput('@zz', {
    onPrintf: () => undefined,
    onDump: (dump) => dumps.push(dump),
    onLostEvents: () => undefined,
  });
  const path = join(import.meta.dirname, '../../../test/fixtures/bpftrace-0.17/kvm-two-dumps.jsonl');
  for (const line of readFileSync(path, 'utf8').split('\n')) output.readLine(line);
  return dumps;
}

const talliesOf = (dump: MapDump) => kvmTalliesOf(dump, (tid) => tid);
const names = new Map([[21_315, 'CPU 0/KVM']]);

describe('the difference of two dumps with the maps of KVM', () => {
  const [first = new Map(), second = new Map()] = recorded();
  const counts = kvmBetween({ opening: talliesOf(first), closing: talliesOf(second), names });

  it('has the exits of each thread by reason, the most frequent first, from both kinds of maps', () => {
    expect(counts.threads).toHaveLength(1);
    expect(counts.threads[0]).toMatchObject({
      tid: 21_315,
      name: 'CPU 0/KVM',
      exits: [
        { reason: 'npf', count: 200 },
        { reason: 'hlt', count: 80 },
        { reason: '0x7fff', count: 6 },
        { reason: 'invalid_guest_state', count: 4 },
      ],
    });
  });

  it('has the returns to the VMM by reason, and by error where KVM_RUN failed', () => {
    expect(counts.threads[0]?.userspaceExits).toEqual([
      { reason: 'MMIO', count: 60 },
      { reason: 'IOAPIC_EOI', count: 40 },
      { reason: 'EINTR', count: 14 },
    ]);
  });

  it('has the accesses by address and by port; a read that the VMM answered counts once', () => {
    expect(counts.accesses).toEqual([
      { kind: 'mmio', address: 0xfeb0_2e50, count: 10 },
      { kind: 'mmio', address: 0xfeb0_2e60, count: 20 },
      { kind: 'mmio', address: 0xfeb0_2e64, count: 20 },
      { kind: 'pio', address: 0x3f8, count: 12 },
      { kind: 'pio', address: 0x510, count: 8 },
    ]);
  });

  it('is nothing between a dump and itself', () => {
    const tallies = talliesOf(second);
    expect(kvmBetween({ opening: tallies, closing: tallies, names })).toEqual({ threads: [], accesses: [] });
  });

  it('fails where a counter goes back', () => {
    const edges = { opening: talliesOf(second), closing: talliesOf(first), names };
    expect(() => kvmBetween(edges)).toThrow(/went back/);
  });

  it('names a thread that came and went unseen with a question mark', () => {
    const edges = { opening: talliesOf(new Map()), closing: talliesOf(first), names: new Map() };
    expect(kvmBetween(edges).threads[0]?.name).toBe('?');
  });
});

it('flags of an exit do not make it another reason', () => {
  const bus = 2 ** 26;
  const key = (reason: number): string => String((1n << 42n) | (1n << 32n) | BigInt(reason));
  const dump: MapDump = new Map([['@kvmexit', { [key(48)]: 3, [key(48 + bus)]: 4, [key(33 + 2 ** 31)]: 1 }]]);
  const edges = { opening: talliesOf(new Map()), closing: talliesOf(dump), names };
  expect(kvmBetween(edges).threads[0]?.exits).toEqual([
    { reason: 'EPT_VIOLATION', count: 7 },
    { reason: 'INVALID_STATE FAILED_VMENTRY', count: 1 },
  ]);
});

describe('more addresses than the map holds', () => {
  const full = Object.fromEntries(Array.from({ length: keyLimit }, (_none, index) => [String(index), 1]));
  const dump: MapDump = new Map<string, number | Record<string, number>>([
    ['@kvmmmio', full],
    ['@kvmmmioall', keyLimit + 500],
  ]);
  const closing = talliesOf(dump);

  it('are counted together, so that none is lost', () => {
    const { accesses } = kvmBetween({ opening: talliesOf(new Map()), closing, names });
    expect(accesses.at(-1)).toEqual({ kind: 'mmio', address: null, count: 500 });
    expect(accesses.reduce((sum, { count }) => sum + count, 0)).toBe(keyLimit + 500);
  });

  it('grow by what was new where the map was full before', () => {
    const later = talliesOf(new Map([...dump]).set('@kvmmmioall', keyLimit + 530));
    expect(kvmBetween({ opening: closing, closing: later, names }).accesses).toEqual([
      { kind: 'mmio', address: null, count: 30 },
    ]);
  });

  it('do not count as lost system calls', () => {
    expect(fullestMap(dump)).toBe(0);
    expect(fullestMap(new Map([['@kvmexit', full]]))).toBe(keyLimit);
  });
});

it('a total that was read later than its map is no access elsewhere', () => {
  const dump: MapDump = new Map<string, number | Record<string, number>>([
    ['@kvmpio', { '1016': 5 }],
    ['@kvmpioall', 6],
  ]);
  const { accesses } = kvmBetween({ opening: talliesOf(new Map()), closing: talliesOf(dump), names });
  expect(accesses).toEqual([{ kind: 'pio', address: 1016, count: 5 }]);
});
