import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { realNumbers } from './support/real-bpftrace.ts';
import { progressOf, type Session, traffic, useSession } from './support/session.ts';
import { latestRun, measurementOf, only, parseRun } from './support/stored-run.ts';

/** A folder with links to every program of PATH but this one; the first of a name wins, as on PATH. */
async function pathWithout(missing: string, folder: string): Promise<string> {
  await mkdir(folder);
  const taken = new Set([missing]);
  for (const from of (process.env['PATH'] ?? '').split(':')) {
    for (const name of await readdir(from).catch(() => [])) {
      if (taken.has(name)) continue;
      taken.add(name);
      await symlink(join(from, name), join(folder, name));
    }
  }
  return folder;
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run without a tracer that works', () => {
  const session = useSession();

  it('has reads and writes counted by /proc, says why, and is a whole run', async () => {
    const PATH = await pathWithout('bpftrace', join(session().folder, 'path'));
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--json'];
    const result = await session().run(words, { env: { PATH } });
    expect(result).toMatchObject({ exitStatus: 0 });
    const run = parseRun(result.stdout);
    expect(run.status).toBe('done');
    expect(run.host?.tracing).toMatchObject({ isUsable: false, reason: expect.stringContaining('bpftrace') as string });
    const { systemCalls, notMeasured } = measurementOf(only(run.trials), 'iperf3');
    expect(systemCalls).toMatchObject({
      source: 'procfs-io',
      sourceReason: expect.stringContaining('bpftrace') as string,
    });
    expect(notMeasured.systemCalls).toBeUndefined();
    expect(systemCalls?.threads.flatMap(({ calls }) => calls).some(({ count }) => count > 0)).toBe(true);
  });

  it('with one that prints no maps says so before the first trial, and spends no window on it', async () => {
    // As one that does not know the signal: it attaches, and that is all.
    const attached = `{"type": "printf", "data": "tapbench: attached\\n"}`;
    const traces = `trap '' URG; printf '%s\\n' '${attached}'; while :; do sleep 60 & wait $!; done`;
    await session().fake(
      'bpftrace',
      `[ "$1" != --version ] || exec echo bpftrace v9.9\n${await realNumbers()}\n${traces}`,
    );
    const result = await session().run(['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--json']);
    expect(result).toMatchObject({ exitStatus: 0 });
    expect(result.stderr).toMatch(/^note +no tracing, .* did not dump its maps within \d+ ms\n[^]*^ok +boot 001/m);
    expect(result.stderr).not.toContain('iperf3-traced');
    const { systemCalls, traced } = measurementOf(only(parseRun(result.stdout).trials), 'iperf3');
    expect(traced).toBeNull();
    expect(systemCalls).toMatchObject({
      source: 'procfs-io',
      sourceReason: expect.stringContaining('dump its maps') as string,
    });
  });
});

/** The bpftrace that counts: in a pid namespace another one tells the numbers of threads. */
async function tracerOf(session: Session): Promise<number> {
  for (const { pid, name } of await session.processes()) {
    if (name !== 'bpftrace') continue;
    if ((await readFile(`/proc/${String(pid)}/cmdline`, 'utf8')).includes('raw_syscalls')) return pid;
  }
  return expect.fail('no tracer is there');
}

const describeTraced = await requireOrSkip('root', 'tap', 'image', 'bpf');

describeTraced('a tracer that dies', () => {
  const session = useSession();

  it.each([
    { mode: 'separate', window: 'traced', before: /^ok +iperf3: /m },
    { mode: 'inline', window: 'measured', before: /^ok +boot /m },
  ])('in the middle of the $window window costs the counts, not the figures', async ({ mode, before }) => {
    const words = ['run', 'quick', '--duration', '2s', '--workload', 'iperf3', '--trace', mode];
    const command = await session().start(words);
    await progressOf(command, before);
    await traffic(session());
    process.kill(await tracerOf(session()), 'SIGKILL');
    expect(await command.ended).toMatchObject({ exitStatus: 0 });
    expect(command.stderrSoFar()).toMatch(/^note +iperf3: only reads and writes are counted: bpftrace ended/m);
    const trial = only((await latestRun(session())).trials);
    const { throughput, traced, systemCalls } = measurementOf(trial, 'iperf3');
    expect(throughput?.bitsPerSecond).toBeGreaterThan(0);
    expect(traced).toBeNull();
    expect(systemCalls).toMatchObject({
      source: 'procfs-io',
      sourceReason: expect.stringMatching(/^bpftrace ended before it could dump its maps/) as string,
    });
  });
});
