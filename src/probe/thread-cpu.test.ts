import { describe, expect, it, vi } from 'vitest';
import { run, start } from '../lab/process.ts';
import { EndedProcessesProbe, ProcessCpuProbe } from './process-cpu.ts';
import { ThreadCpuProbe, type ThreadCpuSnapshot, type ThreadTotals } from './thread-cpu.ts';

const thread = (fields: Partial<ThreadTotals>): ThreadTotals => ({
  tid: 10,
  name: 'qemu',
  startTicks: 5,
  runNs: 0,
  waitNs: 0,
  userNs: 0,
  systemNs: 0,
  guestNs: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
  ...fields,
});

const edge = (processNs: number, ...threads: ThreadTotals[]): ThreadCpuSnapshot => ({
  processNs,
  threads: new Map(threads.map((one) => [one.tid, one])),
  workers: new Map(),
});

const withWorkers = (snapshot: ThreadCpuSnapshot, ...workers: ThreadTotals[]): ThreadCpuSnapshot => ({
  ...snapshot,
  workers: new Map(workers.map((one) => [one.tid, one])),
});

const probe = new ThreadCpuProbe({ pid: 10, roleOf: (_name, isMain) => (isMain ? 'vmm' : 'worker') });

describe('the CPU of the threads of a process', () => {
  it('is the growth of each, with the role that the caller gives', () => {
    const opening = edge(0, thread({ runNs: 100, voluntarySwitches: 3 }));
    const closing = edge(50, thread({ runNs: 150, voluntarySwitches: 7 }));
    expect(probe.difference(opening, closing).threads[0]).toMatchObject({
      tid: 10,
      role: 'vmm',
      runNs: 50,
      voluntarySwitches: 4,
    });
  });

  it('counts a thread that began in the window from its beginning', () => {
    const { threads } = probe.difference(edge(0, thread({})), edge(40, thread({}), thread({ tid: 11, runNs: 40 })));
    expect(threads).toMatchObject([{ runNs: 0 }, { tid: 11, role: 'worker', runNs: 40 }]);
  });

  it('says how much time went with threads that ended', () => {
    const opening = edge(1000, thread({ runNs: 500 }), thread({ tid: 11, runNs: 500 }));
    const reading = probe.difference(opening, edge(1900, thread({ runNs: 600 })));
    expect(reading).toMatchObject({ endedThreads: 1, unaccountedNs: 800 });
  });

  it('takes a thread with the number of an ended one for a new one', () => {
    const opening = edge(0, thread({}), thread({ tid: 11, runNs: 500, startTicks: 6 }));
    const reading = probe.difference(opening, edge(20, thread({}), thread({ tid: 11, runNs: 20, startTicks: 9 })));
    expect(reading.endedThreads).toBe(1);
    expect(reading.threads[1]?.runNs).toBe(20);
  });

  it('has the workers of vhost beside the threads, and not in the time of the process', () => {
    const opening = withWorkers(edge(0, thread({})), thread({ tid: 99, name: 'vhost-10', runNs: 5 }));
    const closing = withWorkers(edge(40, thread({ runNs: 10 })), thread({ tid: 99, name: 'vhost-10', runNs: 30 }));
    const reading = probe.difference(opening, closing);
    expect(reading.threads).toMatchObject([{ tid: 10 }, { tid: 99, name: 'vhost-10', role: 'vhost', runNs: 25 }]);
    expect(reading).toMatchObject({ unaccountedNs: 30, endedThreads: 0 });
    expect(probe.difference(opening, edge(40, thread({}))).endedThreads).toBe(1);
  });

  it('reads a thread outside of the process that it is told of', async () => {
    const own = new ThreadCpuProbe({ pid: process.pid, roleOf: () => 'vmm', workers: [process.ppid, 4_194_305] });
    const opening = await own.snapshot();
    const { threads } = own.difference(opening, await own.snapshot());
    expect(threads.filter(({ role }) => role === 'vhost').map(({ tid }) => tid)).toEqual([process.ppid]);
  });

  it('keeps switches that the kernel does not tell as null', () => {
    const one = thread({ voluntarySwitches: null });
    expect(probe.difference(edge(0, one), edge(0, one)).threads[0]?.voluntarySwitches).toBeNull();
  });

  it('is read of a real process, which is ourselves', async () => {
    const own = new ThreadCpuProbe({ pid: process.pid, roleOf: () => 'vmm' });
    const opening = await own.snapshot();
    const startNs = process.hrtime.bigint();
    while (process.hrtime.bigint() - startNs < 20_000_000n);
    const { threads } = own.difference(opening, await own.snapshot());
    const runNs = threads.reduce((sum, { runNs: one }) => sum + one, 0);
    expect(runNs).toBeGreaterThan(1e6);
  });

  it('is an error where the process is gone', async () => {
    await expect(new ThreadCpuProbe({ pid: 4_194_305, roleOf: () => 'vmm' }).snapshot()).rejects.toMatchObject({
      code: 'PROBE_FAILED',
    });
  });
});

describe('the CPU of a process', () => {
  const process10 = new ProcessCpuProbe({ name: 'iperf3', part: 'tool', pid: 10 });

  it('is the growth of all its threads', () => {
    const closing = new Map([
      [10, 30],
      [11, 5],
    ]);
    expect(process10.difference(new Map([[10, 20]]), closing)).toEqual({ name: 'iperf3', part: 'tool', runNs: 15 });
  });

  it('of a tool is with that of the processes that it started', async () => {
    await using parent = await start(['sh', '-c', 'sleep 60 & wait'], { diesWithUs: false });
    const of = async (part: 'tool' | 'vmm') => {
      const snapshot = await new ProcessCpuProbe({ name: 'x', part, pid: parent.pid }).snapshot();
      return snapshot ?? new Map<number, number>();
    };
    await vi.waitFor(async () => {
      expect(await of('tool')).toHaveProperty('size', 2);
    });
    expect(await of('vmm')).toHaveProperty('size', 1);
  });

  it('is all of it where it began in the window', () => {
    expect(process10.difference(null, new Map([[10, 30]]))?.runNs).toBe(30);
  });

  it('of processes that ended in the window is known from ours', async () => {
    const ended = new EndedProcessesProbe();
    const opening = await ended.snapshot();
    await run(['sh', '-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done'], {
      deadlineMs: 60_000,
      diesWithUs: false,
    });
    const runNs = ended.difference(opening, await ended.snapshot())?.runNs ?? 0;
    expect(runNs).toBeGreaterThan(20e6);
    expect(ended.difference(5, 5)).toBeNull();
  });

  it('is null where the process ended in the window', async () => {
    expect(process10.difference(new Map([[10, 20]]), null)).toBeNull();
    expect(await new ProcessCpuProbe({ name: 'x', part: 'tool', pid: 4_194_305 }).snapshot()).toBeNull();
  });
});
