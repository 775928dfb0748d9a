import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { start } from '../lab/process.ts';
import { ProcfsIoProbe, parseIo } from './procfs-io.ts';

const text = 'rchar: 7286\nwchar: 310\nsyscr: 14\nsyscw: 2\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n';

it('reads and writes are found in the io of a thread, and a cut text is refused', () => {
  expect(parseIo(text)).toEqual({ reads: 14, writes: 2 });
  expect(() => parseIo(text.slice(0, 30))).toThrow(/no counts/);
});

it('reads and writes of this very thread are counted, under its name', async () => {
  const probe = new ProcfsIoProbe([process.pid]);
  const zero = openSync('/dev/zero', 'r');
  const sink = openSync('/dev/null', 'w');
  const opening = await probe.snapshot();
  const buffer = new Uint8Array(1);
  for (let round = 0; round < 1000; round += 1) {
    readSync(zero, buffer);
    writeSync(sink, buffer);
    writeSync(sink, buffer);
  }
  const counts = probe.difference(opening, await probe.snapshot());
  closeSync(zero);
  closeSync(sink);
  const calls = counts.threads.flatMap((thread) => thread.calls);
  expect(counts).toMatchObject({ source: 'procfs-io', lostEvents: null });
  expect(Math.max(...calls.filter(({ name }) => name === 'read').map(({ count }) => count))).toBeGreaterThanOrEqual(
    1000,
  );
  expect(Math.max(...calls.filter(({ name }) => name === 'write').map(({ count }) => count))).toBeGreaterThanOrEqual(
    2000,
  );
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(['read', 'write']));
});

it('threads of several processes are told apart by their process', async () => {
  await using other = await start(['sleep', '60']);
  const { owners } = await new ProcfsIoProbe([process.pid, other.pid, 4_194_305]).snapshot();
  expect(owners.get(process.pid)).toBe(process.pid);
  expect(owners.get(other.pid)).toBe(other.pid);
});

it('a process that is gone is an error', async () => {
  await expect(new ProcfsIoProbe([4_194_305]).snapshot()).rejects.toMatchObject({ code: 'PROBE_FAILED' });
});
