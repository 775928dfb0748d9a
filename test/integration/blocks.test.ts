import { readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { requireOrSkip } from './requirement.ts';
import { condition, type Session, traffic, useSession } from './support/session.ts';
import { latestRun, measurementOf, only, parseRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

/** Two configurations of a second of bulk traffic, with and without segmentation offload. */
const matrixFile = `name: two
workloads: [{ kind: iperf3, duration: 1s, streams: 1 }]
trace: off
boots: 2
seed: 5
matrix:
  nic.offloads: ['on', 'off']
`;

async function matrixOf(session: Session): Promise<string> {
  const file = join(session.folder, 'two.yaml');
  await writeFile(file, matrixFile);
  return file;
}

describeHere('a run of several configurations', () => {
  const session = useSession();

  it('boots each once a block in the order that plan says, and says which is faster', async () => {
    const file = await matrixOf(session());
    const planned = JSON.parse((await session().run(['plan', file, '--json'])).stdout) as {
      trials: { trialId: string }[];
    };
    const result = await session().run(['run', file]);
    expect(result).toMatchObject({ exitStatus: 0 });
    const { trials, plan } = await latestRun(session());
    expect(trials.map(({ trialId }) => trialId)).toEqual(planned.trials.map(({ trialId }) => trialId));
    expect(plan.map(({ block }) => block)).toEqual([1, 1, 2, 2]);
    const features = (isOff: boolean): string[] =>
      trials.find(({ configuration }) => configuration.nic?.offloads?.tso !== isOff)?.guest?.nic.virtioFeatures ?? [];
    expect(features(false)).toContain('VIRTIO_NET_F_HOST_TSO4');
    expect(features(true)).not.toContain('VIRTIO_NET_F_HOST_TSO4');
    const rates = (isOff: boolean): number[] =>
      trials
        .filter(({ configuration }) => configuration.nic?.offloads?.tso !== isOff)
        .map((trial) => measurementOf(trial, 'iperf3').throughput?.bitsPerSecond ?? 0);
    // Four times as many packets by hand: no noise of any host hides that.
    expect(Math.min(...rates(false))).toBeGreaterThan(Math.max(...rates(true)));
  });

  it('leaves the host alone before each boot for as long as settle says', async () => {
    const words = [
      'run',
      'quick',
      '--workload',
      'iperf3',
      '--trace',
      'off',
      '--duration',
      '1s',
      '--boots',
      '2',
      '--json',
    ];
    const { overhead } = parseRun((await session().run([...words, '--set', 'settle=1s'])).stdout);
    const settled = overhead?.phases.filter(({ name }) => name === 'settle') ?? [];
    expect(settled).toHaveLength(2);
    // A timer of Node may end up to a millisecond early.
    for (const { startNs, endNs } of settled) expect(endNs - startNs).toBeGreaterThanOrEqual(1e9 - 1e6);
  });

  it('begins no block that would pass its budget, and goes on with --resume', async () => {
    const words = ['quick', '--workload', 'iperf3', '--trace', 'off', '--duration', '1s', '--boots', '3'];
    const planned = JSON.parse((await session().run(['plan', ...words, '--json'])).stdout) as { runTimeNs: number };
    const budget = `${String(Math.ceil(planned.runTimeNs / 1e9) + 1)}s`;
    // Boots take longer than anybody could plan.
    const ip = (await findExecutable('ip')) ?? 'ip';
    await session().fake('ip', `case "$*" in 'netns add '*) sleep 5 ;; esac\nexec ${ip} "$@"`);
    const result = await session().run(['run', ...words, '--budget', budget]);
    expect(result).toMatchObject({ exitStatus: 0 });
    expect(result.stderr).toMatch(/^note +the budget is used up before block [23]$/m);
    const stopped = await latestRun(session());
    expect(stopped).toMatchObject({ status: 'done', stoppedBy: 'budget' });
    expect(stopped.plan).toHaveLength(3);
    expect(stopped.trials.length).toBeLessThan(3);

    await session().fake('ip', `exec ${ip} "$@"`);
    expect(await session().run(['run', '--resume', 'latest'])).toMatchObject({ exitStatus: 0 });
    const whole = await latestRun(session());
    expect(whole).toMatchObject({ runId: stopped.runId, status: 'done', stoppedBy: null });
    expect(whole.trials.map(({ trialId }) => trialId)).toEqual(whole.plan.map(({ trialId }) => trialId));
  });
});

describeHere('a run with a warm-up', () => {
  const session = useSession();

  it('sends the same traffic first, in a window of its own that is in no figure', async () => {
    const words = ['run', 'quick', '--workload', 'iperf3', '--trace', 'off', '--duration', '1s', '--set', 'warmup=2s'];
    const run = parseRun((await session().run([...words, '--json'])).stdout);
    const trial = only(run.trials);
    const { throughput, window } = measurementOf(trial, 'iperf3');
    const warm = trial.phases.find(({ name }) => name === 'iperf3-warmup window');
    expect(warm?.endNs).toBeLessThanOrEqual(window?.startNs ?? 0);
    expect(throughput?.durationNs).toBeLessThan(1.5e9);
    const raw = await readFile(
      join(session().store, run.runId, 'trials', trial.trialId, 'iperf3-warmup/client.stdout'),
      'utf8',
    );
    expect(JSON.parse(raw)).toMatchObject({ start: { test_start: { duration: 2 } } });
  });
});

describeHere('a run that pins', () => {
  const session = useSession();

  /** Allowed CPUs of each thread of a process, by thread name. */
  async function allowed(pid: number): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const tid of await readdir(`/proc/${String(pid)}/task`)) {
      const text = await readFile(`/proc/${String(pid)}/task/${tid}/status`, 'utf8').catch(() => '');
      const name = /^Name:\s*(.*)$/m.exec(text)?.[1] ?? '';
      found.set(name, /^Cpus_allowed_list:\s*(.*)$/m.exec(text)?.[1] ?? '');
    }
    return found;
  }

  it.runIf(cpus().length >= 2)(
    'keeps the threads of VMM and guest and the load generator where the map says',
    async () => {
      const pin = '{vcpu: [1], vmm: [0], server: [0]}';
      const words = ['run', 'quick', '--workload', 'iperf3', '--trace', 'off', '--duration', '3s'];
      const command = await session().start([...words, '--set', `prepare.pin=${pin}`]);
      const vmm = await traffic(session());
      const server = await session().process('iperf3');
      const threads = await allowed(vmm.pid);
      expect([threads.get('CPU 0/TCG'), threads.get('qemu-system-x86')]).toEqual(['1', '0']);
      expect([...(await allowed(server.pid)).values()]).toEqual(['0']);
      expect(await command.ended).toMatchObject({ exitStatus: 0 });
      const { pins } = only((await latestRun(session())).trials).preparation;
      expect(pins).toEqual(
        expect.arrayContaining([
          { role: 'vcpu', name: 'CPU 0/TCG', cpus: [1], status: 'pinned', reason: null },
          expect.objectContaining({ role: 'vmm', name: 'qemu-system-x86', cpus: [0], status: 'shared' }),
          expect.objectContaining({ role: 'server', name: 'iperf3', cpus: [0], status: 'shared' }),
        ]),
      );
    },
  );

  it('refuses CPUs that the host lacks before anything is made', async () => {
    const result = await session().run(['run', 'quick', '--set', 'prepare.pin={vcpu: [4095]}']);
    expect(result.exitStatus).toBe(2);
    expect(result.stderr).toContain('prepare.pin.vcpu: this machine has no CPU 4095');
  });
});

describeHere('a run that changes the host', () => {
  const session = useSession();
  const file = '/sys/kernel/mm/transparent_hugepage/enabled';
  const current = async (): Promise<string> => /\[(\w+)\]/.exec(await readFile(file, 'utf8'))?.[1] ?? '';

  it('puts the old value back when it ends, and clean does where it was killed', async () => {
    const before = await current();
    const wanted = before === 'never' ? 'always' : 'never';
    const words = ['run', 'quick', '--workload', 'iperf3', '--trace', 'off', '--duration', '2s'];
    const prepared = [...words, '--set', `prepare.transparentHugepages=${wanted}`];
    const first = await session().start(prepared);
    await traffic(session());
    expect(await current()).toBe(wanted);
    expect(await first.ended).toMatchObject({ exitStatus: 0 });
    expect(await current()).toBe(before);
    const { settings } = only((await latestRun(session())).trials).preparation;
    expect(settings).toMatchObject([{ field: 'transparentHugepages', wanted, before, status: 'set' }]);

    const second = await session().start(prepared);
    await condition('the new value', async () => ((await current()) === wanted ? true : null));
    process.kill(second.pid, 'SIGKILL');
    await second.ended;
    expect(await current()).toBe(wanted);
    expect(await session().run(['clean'])).toMatchObject({ exitStatus: 0 });
    expect(await current()).toBe(before);
  });
});
