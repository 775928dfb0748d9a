import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { type StartedProcess, start } from '../../src/lab/process.ts';
import { ProcfsIoProbe } from '../../src/probe/procfs-io.ts';
import type { SystemCallCounts } from '../../src/probe/system-calls/counts.ts';
import { SystemCallTracer } from '../../src/probe/system-calls/system-calls.ts';
import { requireOrSkip } from './requirement.ts';

const reads = 1_000_000;
const writes = 250_000;
const deadlineMs = 60_000;

/**
 * Two threads that name themselves and make an exact number of calls after "go", and none of these before and after: they wait
 * in futexes, since a message to the main thread would be a write to an eventfd. It says what it has come to on stdout.
 */
const program = `
const { Worker } = require('node:worker_threads');
const shared = new Int32Array(new SharedArrayBuffer(12));
const worker = (name, body) => new Promise((resolve) => new Worker(\`
  const { workerData: shared, parentPort } = require('node:worker_threads');
  const fs = require('node:fs');
  fs.writeFileSync('/proc/thread-self/comm', '\${name}');
  const zero = fs.openSync('/dev/zero', 'r'), sink = fs.openSync('/dev/null', 'w'), one = new Uint8Array(1);
  for (const end = Date.now() + 200; Date.now() < end; );
  parentPort.postMessage('ready');
  Atomics.wait(shared, 0, 0);
  \${body}
  Atomics.add(shared, 1, 1);
  Atomics.wait(shared, 2, 0);
\`, { eval: true, workerData: shared }).once('message', resolve));
const actions = {
  spawn: async () => {
    await worker('reader', 'for (let i = 0; i < ${String(reads)}; i += 1) fs.readSync(zero, one);');
    await worker('writer', 'for (let i = 0; i < ${String(writes)}; i += 1) fs.writeSync(sink, one);');
  },
  go: async () => {
    Atomics.store(shared, 0, 1);
    Atomics.notify(shared, 0);
    while (Atomics.load(shared, 1) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  },
};
require('node:readline').createInterface({ input: process.stdin }).on('line', async (word) => {
  await actions[word]();
  console.log(word);
}).on('close', () => process.exit(0));
`;

/** The program, and a way to have it do something and wait until it is done. */
async function startProgram(): Promise<{ child: StartedProcess; tell: (word: 'spawn' | 'go') => Promise<void> }> {
  const child = await start([process.execPath, '-e', program], { stdin: 'pipe', stdout: 'pipe' });
  if (child.stdout === null) throw new Error('no pipe');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    tell: async (word) => {
      child.stdin?.write(`${word}\n`);
      const { value }: { value?: unknown } = await answers.next();
      if (value !== word) throw new Error(`the program answered ${String(value)}: ${child.stderrSoFar()}`);
    },
  };
}

function countOf(counts: SystemCallCounts, thread: string, call: string): number {
  return counts.threads.find(({ name }) => name === thread)?.calls.find(({ name }) => name === call)?.count ?? 0;
}

/**
 * The most that the reader can have read. The C library under Node now and then looks into a file of its own on the same thread
 * (/proc/sys/vm/overcommit_memory, /sys/devices/system/cpu/online): at most one read for each that it opens.
 */
function mostReads(counts: SystemCallCounts): number {
  return reads + countOf(counts, 'reader', 'openat');
}

const describeHere = await requireOrSkip('root', 'bpf');

describeHere('the tracer', () => {
  it.each([
    { isTimed: false, when: 'after', path: 'short maps' },
    { isTimed: false, when: 'before', path: 'the map with keys' },
    { isTimed: true, when: 'after', path: 'short maps' },
    { isTimed: true, when: 'before', path: 'the map with keys' },
  ])('counts exactly: attached $when the threads began ($path), timed $isTimed', async ({ isTimed, when }) => {
    const { child, tell } = await startProgram();
    await using program = child;
    if (when === 'after') await tell('spawn');
    await using tracer = await SystemCallTracer.start({ pids: [program.pid], isTimed, deadlineMs });
    if (when === 'before') await tell('spawn');
    const kernel = new ProcfsIoProbe([program.pid]);
    const kernelOpening = await kernel.snapshot();
    const opening = await tracer.snapshot();
    await tell('go');
    const counts = tracer.difference(opening, await tracer.snapshot());
    const kernelCounts = kernel.difference(kernelOpening, await kernel.snapshot());
    expect(countOf(counts, 'reader', 'read')).toBe(countOf(kernelCounts, 'reader', 'read'));
    expect(countOf(counts, 'reader', 'read')).toBeGreaterThanOrEqual(reads);
    expect(countOf(counts, 'reader', 'read')).toBeLessThanOrEqual(mostReads(counts));
    expect(countOf(kernelCounts, 'writer', 'write')).toBe(writes);
    expect(countOf(counts, 'writer', 'write')).toBe(writes);
    expect(counts.lostEvents).toBe(0);
    const reading = counts.threads.find(({ name }) => name === 'reader')?.calls.find(({ name }) => name === 'read');
    if (!isTimed) expect(reading?.timeNs).toBeNull();
    else expect((reading?.timeNs ?? 0) / counts.elapsedNs).toBeGreaterThan(0.05);
    expect((reading?.timeNs ?? 0) / counts.elapsedNs).toBeLessThan(1);
  });

  it('gives differences that add up to the whole when it is read while the program runs', async () => {
    const { child, tell } = await startProgram();
    await using program = child;
    await tell('spawn');
    await using tracer = await SystemCallTracer.start({ pids: [program.pid], isTimed: false, deadlineMs });
    const first = await tracer.snapshot();
    const work = { hasEnded: false };
    const ending = tell('go').then(() => (work.hasEnded = true));
    let last = first;
    let sum = 0;
    let intervals = 0;
    do {
      const next = await tracer.snapshot();
      sum += countOf(tracer.difference(last, next), 'reader', 'read');
      last = next;
      intervals += 1;
    } while (!work.hasEnded);
    await ending;
    const whole = tracer.difference(first, await tracer.snapshot());
    sum += countOf(tracer.difference(last, await tracer.snapshot()), 'reader', 'read');
    expect(intervals).toBeGreaterThan(2);
    expect(sum).toBe(countOf(whole, 'reader', 'read'));
    // A dump that the thread itself preempts makes the kernel leave out an event: it says how many.
    expect(countOf(whole, 'reader', 'read')).toBeGreaterThanOrEqual(reads - (whole.lostEvents ?? 0));
    expect(countOf(whole, 'reader', 'read')).toBeLessThanOrEqual(mostReads(whole));
  });

  it('counts eight processes at once exactly, each by itself', async () => {
    await using made = new AsyncDisposableStack();
    const programs = await Promise.all(Array.from({ length: 8 }, async () => await startProgram()));
    for (const { child } of programs) made.use(child);
    for (const { tell } of programs) await tell('spawn');
    const pids = programs.map(({ child }) => child.pid);
    const tracer = made.use(await SystemCallTracer.start({ pids, isTimed: false, deadlineMs }));
    const opening = await tracer.snapshot();
    await Promise.all(
      programs.map(async ({ tell }) => {
        await tell('go');
      }),
    );
    const counts = tracer.difference(opening, await tracer.snapshot());
    const written = pids.map((pid) => {
      const threads = counts.threads.filter(({ tid }) => counts.owners.get(tid) === pid);
      return countOf({ ...counts, threads }, 'writer', 'write');
    });
    expect(written).toEqual(pids.map(() => writes));
    expect(counts.lostEvents).toBe(0);
  });

  it('gives complete dumps of a process that does nothing', async () => {
    await using idle = await start(['sleep', '60']);
    await using tracer = await SystemCallTracer.start({ pids: [idle.pid], isTimed: true, deadlineMs });
    const opening = await tracer.snapshot();
    expect(tracer.difference(opening, await tracer.snapshot()).threads).toEqual([]);
  });

  it('queues snapshots that are asked for at once', async () => {
    await using idle = await start(['sleep', '60']);
    await using tracer = await SystemCallTracer.start({ pids: [idle.pid], isTimed: false, deadlineMs });
    const taken = await Promise.all([tracer.snapshot(), tracer.snapshot(), tracer.snapshot()]);
    expect(taken.map(({ atNs }) => atNs)).toEqual(taken.map(({ atNs }) => atNs).toSorted((a, b) => a - b));
    expect(tracer.attachedNs).toBeLessThan(taken[0].atNs);
  });

  it('fails with the reason when bpftrace dies under it', async () => {
    await using idle = await start(['sleep', '60']);
    await using tracer = await SystemCallTracer.start({ pids: [idle.pid], isTimed: false, deadlineMs });
    process.kill(tracer.tracerPid, 'SIGKILL');
    await expect(tracer.snapshot()).rejects.toMatchObject({ code: 'PROBE_FAILED' });
  });

  it('fails in time when bpftrace takes too long to attach, and leaves none behind', async () => {
    await using idle = await start(['sleep', '60']);
    const late = SystemCallTracer.start({ pids: [idle.pid], isTimed: true, deadlineMs: 1 });
    await expect(late).rejects.toThrow(/did not attach within 1 ms/);
  });
});
