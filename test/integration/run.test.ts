import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SystemCalls } from '../../src/record/probe-readings.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { latestRun, measurementOf, only, parseRun } from './support/stored-run.ts';

/** How often a call was made, all threads together. */
function callsOf({ threads }: SystemCalls, name: string): number {
  const calls = threads.flatMap((thread) => thread.calls).filter((call) => call.name === name);
  return calls.reduce((sum, { count }) => sum + count, 0);
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run', () => {
  const session = useSession();

  it('of both workloads is measured, judged, stored and read back', async () => {
    const words = ['run', 'quick', '--duration', '1s', '--json'];
    const result = await session().run(words);
    expect(result).toMatchObject({ exitStatus: 0 });

    // stdout is one JSON document and nothing else.
    const run = parseRun(result.stdout);
    expect(run).toMatchObject({ status: 'done', command: ['tapbench', ...words] });
    expect(result.stderr).toMatch(/^ok +boot 001-default-b1/m);

    const trial = only(run.trials);
    expect(trial).toMatchObject({ attempt: 1, failure: null });
    expect(trial.measurements.map(({ workload }) => workload)).toEqual(['iperf3', 'sockperf']);
    const bulk = measurementOf(trial, 'iperf3');
    const pingPong = measurementOf(trial, 'sockperf');
    for (const measurement of trial.measurements) {
      const { window, consoleBytes, link, threads, traced, hostCpu, guestResources } = measurement;
      // No byte crosses the console inside a window, and what the tool says crossed the link did so inside of it.
      expect(consoleBytes).toBe(0);
      const { startNs, endNs } = window ?? expect.fail('it was measured');
      expect(endNs - startNs).toBeGreaterThan(0.9e9);
      expect(link?.fromGuest.bytes).toBeGreaterThanOrEqual(measurement.work.payloadBytes === null ? 1 : 64);
      expect(threads.map(({ role }) => role)).toEqual(expect.arrayContaining(['vmm', 'vcpu']));
      expect(hostCpu).not.toBeNull();
      expect(guestResources).not.toBeNull();
      // The traced window is another one, after the measured one.
      expect(traced?.window.startNs).toBeGreaterThan(endNs);
    }
    const { messages, receivedMessages } = pingPong.latency ?? {};
    expect(messages).toBe(receivedMessages);
    expect(pingPong.link?.fromGuest.packets).toBeGreaterThanOrEqual(messages ?? Infinity);
    const payloadBytes = bulk.work.payloadBytes ?? Infinity;
    expect(bulk.link?.fromGuest.bytes).toBeGreaterThanOrEqual(payloadBytes);

    // The machine may be as busy as it likes; but no audit fails itself, and none calls the console chatty.
    const findings = trial.measurements.flatMap((measurement) => measurement.findings);
    expect(findings.filter(({ message }) => /^audit \S+ failed/.test(message))).toEqual([]);
    expect(findings.map(({ audit }) => audit)).not.toContain('console-bytes');

    // Raw files lie beside the record.
    const folder = join(session().store, run.runId, 'trials', trial.trialId);
    const files = trial.measurements.flatMap(({ commands, traced }) => [
      ...(commands.client?.files ?? []),
      ...(commands.server?.files ?? []),
      ...(traced?.files ?? []),
    ]);
    expect(files).toEqual(
      expect.arrayContaining(['iperf3/client.stdout', 'sockperf/full-log', 'sockperf-traced/client.stdout']),
    );
    await Promise.all([...files, 'console.log', 'trial.json'].map((name) => access(join(folder, name))));

    const note = await readFile(join(session().store, run.runId, 'report.md'), 'utf8');
    for (const heading of [
      '# Result',
      '# Throughput',
      '# Latency',
      '### Syscalls',
      '# Costs',
      '# Findings',
      '# Host',
      '# Guest',
      '# Method',
      '# Appendix: exact figures',
    ]) {
      expect(note).toContain(`\n${heading}\n`);
    }

    // Reading gives the same again.
    expect(await latestRun(session())).toEqual(run);
    const list = await session().run(['list', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject([{ runId: run.runId, status: 'done', finishedTrials: 1 }]);
    expect((await session().run(['show', run.runId])).stdout).toContain('iperf3');
    expect((await session().run(['report', 'latest'])).stdout).toBe(note);
  });

  it('with --trace off starts no tracer and says that tracing is off', async () => {
    await session().fake('bpftrace', `[ "$1" = --version ] || echo started >>'${session().folder}/traced'; exit 1`);
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--trace', 'off', '--json'];
    const result = await session().run(words);
    expect(result.exitStatus).toBe(0);
    const bulk = measurementOf(only(parseRun(result.stdout).trials), 'iperf3');
    expect(bulk).toMatchObject({ systemCalls: null, traced: null, notMeasured: { systemCalls: 'tracing is off' } });
    await expect(access(join(session().folder, 'traced'))).rejects.toThrow('ENOENT');
  });
});

const describeTraced = await requireOrSkip('root', 'bpf', 'tap', 'image');

describeTraced('a traced run', () => {
  const session = useSession();

  it('counts in a window of its own what each round trip costs the VMM', async () => {
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'sockperf', '--json'];
    const result = await session().run(words);
    const { trials } = parseRun(result.stdout);
    // Why a trial was repeated, where one was.
    const voids = trials.flatMap(({ measurements }) =>
      measurements.flatMap(({ findings }) => findings.filter(({ level }) => level === 'void')),
    );
    expect(trials.flatMap(({ failure }) => failure?.message ?? []).concat(voids.map(({ message }) => message))).toEqual(
      [],
    );
    const { systemCalls } = measurementOf(only(trials), 'sockperf');
    expect(systemCalls).toMatchObject({ source: 'bpftrace', sourceReason: null, mode: 'separate' });
    if (systemCalls === null) return;
    expect(systemCalls.messages).toBeGreaterThan(100);
    expect(callsOf(systemCalls, 'read')).toBeGreaterThanOrEqual(systemCalls.messages ?? Infinity);
    // QEMU's tap back end writes each packet by itself: one a round trip, and beside them ARP at most.
    const written = callsOf(systemCalls, 'writev') - (systemCalls.messages ?? Infinity);
    expect(written).toBeGreaterThanOrEqual(0);
    expect(written).toBeLessThan(50);
  });

  it('with --trace inline and --trace-timing is traced in the measured window, with the time in each call', async () => {
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--trace', 'inline', '--trace-timing'];
    const result = await session().run([...words, '--json']);
    expect(result.exitStatus).toBe(0);
    const { systemCalls, traced, window } = measurementOf(only(parseRun(result.stdout).trials), 'iperf3');
    expect(traced).toBeNull();
    expect(systemCalls).toMatchObject({ source: 'bpftrace', mode: 'inline', window });
    const calls = systemCalls?.threads.flatMap((thread) => thread.calls) ?? [];
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ timeNs }) => timeNs === null)).toEqual([]);
  });
});
