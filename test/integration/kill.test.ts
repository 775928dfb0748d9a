import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { condition, progressOf, type Session, type StartedCommand, traffic, useSession } from './support/session.ts';
import { latestRun, shortRun } from './support/stored-run.ts';

const tracedRun = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3'];

async function vmmGone(session: Session): Promise<void> {
  const vmm = await session.process('qemu-system-x86');
  await condition('the end of the VMM', async () => {
    return (await session.processes()).some(({ pid }) => pid === vmm.pid) ? null : true;
  });
}

async function kill(command: StartedCommand): Promise<void> {
  // It alone: what is of its group must die by itself.
  process.kill(command.pid, 'SIGKILL');
  await command.ended;
}

/** Waits for the record of a trial of the newest run. */
async function recordOf(session: Session, trialId: string): Promise<void> {
  await condition(`the record of ${trialId}`, async () => {
    const { stdout } = await session.run(['list', '--json']);
    const [newest] = JSON.parse(stdout) as { folder: string }[];
    if (newest === undefined) return null;
    return await access(join(newest.folder, 'trials', trialId, 'trial.json')).then(
      () => true,
      () => null,
    );
  });
}

interface Moment {
  readonly moment: string;
  readonly words: readonly string[];
  /** Waits for it. */
  readonly comes: (command: StartedCommand, session: Session) => Promise<unknown>;
}

const moments: readonly Moment[] = [
  {
    moment: 'when the image is ready',
    words: shortRun,
    comes: async (command) => {
      await progressOf(command, /^ok +prepare image/m);
    },
  },
  {
    moment: 'while the guest boots',
    words: shortRun,
    comes: async (_, session) => await session.process('qemu-system-x86'),
  },
  {
    moment: 'inside the measured window',
    words: shortRun,
    comes: async (command, session) => {
      await progressOf(command, /^ok +boot /m);
      await traffic(session);
    },
  },
  {
    moment: 'while the tracer attaches',
    words: tracedRun,
    comes: async (_, session) => await session.process('bpftrace'),
  },
  {
    moment: 'inside the traced window',
    words: tracedRun,
    comes: async (command, session) => {
      await progressOf(command, /^ok +iperf3: /m);
      await traffic(session);
    },
  },
  {
    moment: 'while the trial is written',
    words: shortRun,
    comes: async (_, session) => {
      await vmmGone(session);
    },
  },
];

const describeHere = await requireOrSkip('root', 'bpf', 'tap', 'image');

describeHere('a run that is killed', () => {
  const session = useSession();

  it.each(moments)('$moment leaves nothing after tapbench clean', async ({ words, comes }) => {
    const command = await session().start(words);
    await comes(command, session());
    await kill(command);
    const cleaned = await session().run(['clean']);
    expect(cleaned).toMatchObject({ exitStatus: 0, stderr: '' });
    expect((await session().run(['clean'])).stdout).toBe('nothing to remove\n');
  });

  it('keeps its finished trials, is cleaned up after by the next run, and is completed by --resume', async () => {
    const first = await session().start([...shortRun, '--boots', '2']);
    await recordOf(session(), '001-default-b1');
    await kill(first);
    const afterFirst = await latestRun(session());
    expect(afterFirst).toMatchObject({ status: 'unfinished', trials: [{ trialId: '001-default-b1', status: 'ok' }] });

    const second = await session().start(['run', '--resume', 'latest']);
    await progressOf(second, /^ok +boot 002/m);
    await traffic(session());
    await kill(second);

    const third = await session().run(['run', '--resume', 'latest']);
    expect(third).toMatchObject({ exitStatus: 0 });
    expect(third.stderr).toContain('removed what a dead run left: network namespace');
    const done = await latestRun(session());
    expect(done).toMatchObject({ status: 'done', runId: afterFirst.runId });
    expect(done.trials[0]).toEqual(afterFirst.trials[0]);
    expect(done.trials[1]).toMatchObject({ trialId: '002-default-b2', failure: null });
    // The killed second attempt, and perhaps a first one: the run went on while its record was looked for.
    expect(done.trials[1]?.attempt).toBeGreaterThanOrEqual(2);
  });
});
