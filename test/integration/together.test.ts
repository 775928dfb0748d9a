import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { traffic, useSession } from './support/session.ts';
import { latestRun, measurementOf, only } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

const text = (topology: string, alone: string): string => `topology: ${topology}
trace: { duration: 1s }
workloads:${alone}
  - together:
      - { kind: sockperf, duration: 1s }
      - { kind: sockperf, name: tcp, protocol: tcp, duration: 1s }
      - { kind: iperf3, duration: 4s }
`;

/** The same messages in a window of their own. */
const idle = '\n  - { kind: sockperf, name: idle, duration: 1s }';

describeHere('workloads that share a window', () => {
  const session = useSession();

  async function ran(topology: string, { alone = '', more = [] }: { alone?: string; more?: readonly string[] } = {}) {
    const file = join(session().folder, `${topology}.yaml`);
    await writeFile(file, text(topology, alone));
    const result = await session().run(['run', file, ...more]);
    expect(result.exitStatus, result.stderr).toBe(0);
    const run = await latestRun(session());
    return { run, trial: only(run.trials) };
  }

  it.each(['vm-to-host', 'host-to-vm', 'vm-to-vm'])('each have their own figures, %s', async (topology) => {
    const { trial } = await ran(topology);
    expect(trial.failure).toBeNull();
    const [small, tcp, bulk] = ['sockperf', 'tcp', 'iperf3'].map((name) => measurementOf(trial, name));
    expect(small?.latency).toMatchObject({ protocol: 'udp' });
    expect(tcp?.latency).toMatchObject({ protocol: 'tcp' });
    expect(bulk?.throughput?.bitsPerSecond).toBeGreaterThan(1e7);
    expect([small, tcp, bulk].map((one) => one?.underLoad)).toEqual([
      ['tcp', 'iperf3'],
      ['sockperf', 'iperf3'],
      ['sockperf', 'tcp'],
    ]);
    expect([tcp?.window, bulk?.window]).toEqual([small?.window, small?.window]);
    expect(small?.cost.reasons).toMatchObject({ vmmCpuNsPerRoundTrip: 'the window was shared with tcp, iperf3' });
    expect(small?.systemCalls).toMatchObject({ messages: null, bytes: null });
    expect(small?.traced?.window).toEqual(bulk?.traced?.window);
    expect(await session().leaks()).toEqual([]);
  });

  it('fail each by itself: of a server that dies in the window the other keeps its figures, and the trial is repeated', async () => {
    const file = join(session().folder, 'dies.yaml');
    const loads = '  - together: [{ kind: sockperf, duration: 3s }, { kind: iperf3, duration: 5s }]\n';
    await writeFile(file, `trace: off\nworkloads:\n${loads}`);
    const command = await session().start(['run', file]);
    await traffic(session());
    // The client is in the guest: this one is the server.
    process.kill((await session().process('iperf3')).pid, 'SIGKILL');
    await command.ended;
    const [broken, repeated] = (await latestRun(session())).trials;
    expect(broken).toMatchObject({ status: 'failed', failure: { code: 'TOOL_FAILED', workload: 'sockperf+iperf3' } });
    expect(broken?.failure?.message).toMatch(/^iperf3/);
    const [small, bulk] = broken?.measurements ?? [];
    expect(small).toMatchObject({ workload: 'sockperf', underLoad: ['iperf3'] });
    expect(small?.latency?.halfRoundTripNs.p50).toBeGreaterThan(0);
    expect(bulk).toMatchObject({
      workload: 'iperf3',
      underLoad: ['sockperf'],
      throughput: null,
      window: small?.window,
    });
    expect(bulk?.notMeasured.throughput).toBe(`the flow failed: ${broken?.failure?.message ?? ''}`);
    expect(repeated).toMatchObject({ repeats: broken?.trialId, failure: null });
    expect(measurementOf(only([repeated].filter((one) => one !== undefined)), 'iperf3').throughput).not.toBeNull();
  });

  it('run over every pair, and are held against the same messages alone', async () => {
    const { run, trial } = await ran('vm-to-host', { alone: idle, more: ['--set', 'pairs=2', '--trace', 'off'] });
    for (const name of ['sockperf', 'tcp', 'iperf3']) {
      expect(measurementOf(trial, name).flows?.map(({ failure }) => failure)).toEqual([null, null]);
    }
    expect(measurementOf(trial, 'idle')).not.toHaveProperty('underLoad');
    expect(run.loadGrowth?.map(({ workload, alone, boots }) => [workload, alone, boots])).toEqual([
      ['sockperf', 'idle', 1],
      ['sockperf', 'idle', 1],
    ]);
  });
});
