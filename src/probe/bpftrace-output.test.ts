import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BpftraceOutput, type MapDump } from './bpftrace-output.ts';
import { countsBetween, endedNames, fullestMap, type SystemCallSnapshot, talliesOf } from './system-calls/counts.ts';

const asTheyAre = { isTimed: true, inner: (tid: number) => tid };
const fixtures = join(import.meta.dirname, '../../test/fixtures');

function read(text: string): { dumps: MapDump[]; printed: string[]; lost: number } {
  const seen = { dumps: [] as MapDump[], printed: [] as string[], lost: 0 };
  const output = new BpftraceOutput('@zz', {
    onPrintf: (line) => seen.printed.push(line.trim()),
    onDump: (dump) => seen.dumps.push(dump),
    onLostEvents: (count) => (seen.lost += count),
  });
  for (const line of text.split('\n')) output.readLine(line);
  return seen;
}

const fixture = (name: string, version = '0.17'): string =>
  readFileSync(join(fixtures, `bpftrace-${version}`, name), 'utf8');

function snapshotOf(dump: MapDump | undefined, atNs: number): SystemCallSnapshot {
  if (dump === undefined) throw new Error('the fixture has fewer dumps');
  return {
    atNs,
    calls: talliesOf(dump, asTheyAre),
    names: new Map([[19_172, 'python3'], ...endedNames(dump, asTheyAre.inner)]),
    owners: new Map(),
    lostEvents: 0,
  };
}

describe('the output of bpftrace', () => {
  it('says that the probes are attached, and gives each dump once it is whole', () => {
    const { dumps, printed } = read(fixture('timed-two-dumps.jsonl'));
    expect(printed).toEqual(['tapbench: attached', 'tapbench: dump', 'tapbench: dump']);
    expect(dumps).toHaveLength(2);
  });

  it.each([
    { version: '0.17', reads: 1006 },
    { version: '0.23', reads: 1004 },
  ])('gives the dumps that the script prints when it is signalled, of bpftrace $version', ({ version, reads }) => {
    const { dumps } = read(fixture('signalled-two-dumps.jsonl', version));
    const [before = [], after = []] = dumps.map((dump) => [...talliesOf(dump, asTheyAre).values()]);
    const dd = (id: number) => after.find(({ key }) => key.id === id && key.request === 0);
    expect(dumps).toHaveLength(2);
    expect(before).toEqual([]);
    // Of `dd bs=1 count=1000`, with what shell and loader read, and the three lines that it ends with.
    expect([dd(0)?.count, dd(1)?.count]).toEqual([reads, 1003]);
    expect(dd(0)?.timeNs).toBeGreaterThan(1000);
  });

  it('knows the dump of empty maps, which bpftrace leaves out', () => {
    const [first] = read(fixture('timed-two-dumps.jsonl')).dumps;
    expect(first?.has('@count')).toBe(false);
    expect(talliesOf(first ?? new Map(), asTheyAre).size).toBe(0);
  });

  it('gives no dump while its last map has not come', () => {
    expect(read('{"type": "map", "data": {"@count": {"1": 2}}}').dumps).toEqual([]);
  });

  it('refuses a line that is cut', () => {
    expect(() => read(fixture('truncated.jsonl'))).toThrow(/not a line of JSON/);
  });

  it('refuses a map line without its map', () => {
    expect(() => read('{"type": "map"}')).toThrow(/map line with other data/);
  });

  it('counts lost events', () => {
    expect(read(fixture('lost-events.jsonl')).lost).toBe(3);
  });
});

describe('the difference of two dumps', () => {
  const [first, second] = read(fixture('timed-two-dumps.jsonl')).dumps;
  const counts = countsBetween(snapshotOf(first, 0), snapshotOf(second, 2e9), 'bpftrace');

  it('joins both kinds of maps into the calls of each thread, the most frequent first', () => {
    expect(counts.threads.map(({ tid }) => tid)).toEqual([19_172, 19_214]);
    expect(counts.threads[0]?.calls.slice(0, 2)).toEqual([
      { name: 'ioctl', request: 'FIONREAD', kind: 'work', count: 500, timeNs: 543_896 },
      { name: 'write', request: null, kind: 'work', count: 500, timeNs: 598_662 },
    ]);
  });

  it('names a thread that ended before anybody read its name', () => {
    expect(counts.threads[1]).toMatchObject({ name: 'odd "n)ame' });
    expect(counts.threads[1]?.calls[0]).toEqual({
      name: 'read',
      request: null,
      kind: 'work',
      count: 1000,
      timeNs: 587_669,
    });
  });

  it('fails where a counter goes back', () => {
    expect(() => countsBetween(snapshotOf(second, 0), snapshotOf(second, 1), 'bpftrace')).not.toThrow();
    const fewer = new Map(
      [...snapshotOf(second, 0).calls].map(([code, call]) => [code, { ...call, count: call.count - 1 }]),
    );
    expect(() => countsBetween(snapshotOf(second, 0), { ...snapshotOf(second, 1), calls: fewer }, 'bpftrace')).toThrow(
      /went back/,
    );
  });

  it('knows how full the fullest map is', () => {
    expect(fullestMap(second ?? new Map())).toBe(7);
  });
});
