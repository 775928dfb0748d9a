import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { waitFor } from '../../src/lab/wait.ts';
import type { SystemCallCounts } from '../../src/probe/system-calls/counts.ts';
import { SystemCallTracer } from '../../src/probe/system-calls/system-calls.ts';
import { requireOrSkip } from './requirement.ts';
import { condition, traffic, useSession } from './support/session.ts';

const vmms = 8;
const deadlineMs = 60_000;
/** Calls after which the kernel counts a read of the process, whatever it gave, and a write (fs/read_write.c). */
const reading = ['read', 'readv', 'pread64', 'preadv', 'preadv2'];
const writing = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'];

function isStopped(pid: number): boolean {
  const tasks = `/proc/${String(pid)}/task`;
  return readdirSync(tasks).every((tid) => /\) T /.test(readFileSync(`${tasks}/${tid}/stat`, 'latin1')));
}

/** With all of them stopped, so that nothing moves between two counters that are read one after the other. */
async function whileStopped<T>(pids: readonly number[], read: () => Promise<T>): Promise<T> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await waitFor(() => (pids.every(isStopped) ? true : null), { deadlineMs, intervalMs: 1 });
    return await read();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** The kernel's own counts of a process, of threads that ended too (proc_pid_io(5)). */
function kernelCounts(pid: number): { reads: number; writes: number } {
  const text = readFileSync(`/proc/${String(pid)}/io`, 'latin1');
  return { reads: Number(/^syscr: (\d+)$/m.exec(text)?.[1]), writes: Number(/^syscw: (\d+)$/m.exec(text)?.[1]) };
}

function countOf({ threads, owners }: SystemCallCounts, pid: number, names: readonly string[]): number {
  return threads
    .filter(({ tid }) => owners.get(tid) === pid)
    .flatMap(({ calls }) => calls)
    .reduce((sum, { name, count }) => sum + (names.includes(name) ? count : 0), 0);
}

const describeHere = await requireOrSkip('root', 'tap', 'image', 'bpf');

describeHere('one tracer of eight VMMs that carry traffic', () => {
  const session = useSession();

  it('counts the reads and writes of each exactly as the kernel itself does', async () => {
    const settings = ['--set', `pairs=${String(vmms)}`, '--set', 'vmm.memory=256M', '--trace', 'off'];
    const words = ['run', 'quick', '--duration', '30s', '--workload', 'iperf3', ...settings];
    const command = await session().start(words);
    await traffic(session());
    const pids = await condition('eight VMMs', async () => {
      const found = (await session().processes()).filter(({ name }) => name === 'qemu-system-x86');
      return found.length === vmms ? found.map(({ pid }) => pid) : null;
    });
    await using tracer = await SystemCallTracer.start({ pids, isTimed: false, deadlineMs });
    const read = async () => ({ traced: await tracer.snapshot(), kernel: pids.map(kernelCounts) });
    const opening = await whileStopped(pids, read);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const closing = await whileStopped(pids, read);
    const counts = tracer.difference(opening.traced, closing.traced);
    const traced = pids.map((pid) => ({ reads: countOf(counts, pid, reading), writes: countOf(counts, pid, writing) }));
    const kernel = closing.kernel.map(({ reads, writes }, index) => ({
      reads: reads - (opening.kernel[index]?.reads ?? 0),
      writes: writes - (opening.kernel[index]?.writes ?? 0),
    }));
    expect(traced).toEqual(kernel);
    for (const { reads, writes } of kernel) expect(Math.min(reads, writes)).toBeGreaterThan(100);
    expect(counts.lostEvents).toBe(0);
    command.signal('SIGTERM');
    await command.ended;
  });
});
