import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { progressOf, type Session, type StartedCommand, traffic, useSession } from './support/session.ts';
import { latestRun, shortRun } from './support/stored-run.ts';

/** What an interrupted run may need at most to take the lab down. */
const promptMs = 5_000;

async function boot(_: StartedCommand, session: Session): Promise<void> {
  await session.process('qemu-system-x86');
}

async function window(command: StartedCommand, session: Session): Promise<void> {
  await progressOf(command, /^ok +boot /m);
  await traffic(session);
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run that is interrupted', () => {
  const session = useSession();

  it.each([
    { signals: ['SIGINT'], when: 'while the guest boots', comes: boot },
    { signals: ['SIGINT'], when: 'inside a window', comes: window },
    { signals: ['SIGTERM'], when: 'inside a window', comes: window },
    { signals: ['SIGINT', 'SIGINT', 'SIGTERM'], when: 'inside a window', comes: window },
  ] as const)('by $signals $when takes everything down and exits 130', async ({ signals, comes }) => {
    const command = await session().start(shortRun);
    await comes(command, session());
    const startMs = performance.now();
    // To its whole group, the VMM too, as Ctrl-C at a terminal.
    for (const signal of signals) command.signal(signal);
    const { exitStatus, stderr } = await command.ended;
    expect(performance.now() - startMs).toBeLessThan(promptMs);
    expect(exitStatus).toBe(130);
    expect(stderr).toContain('tapbench: interrupted by SIG');
    expect(await session().leaks()).toEqual([]);
    expect((await latestRun(session())).status).toBe('interrupted');
  });

  it('by SIGINT to tapbench alone takes everything down and exits 130', async () => {
    const command = await session().start(shortRun);
    await window(command, session());
    process.kill(command.pid, 'SIGINT');
    const { exitStatus } = await command.ended;
    expect(exitStatus).toBe(130);
    expect(await session().leaks()).toEqual([]);
    expect((await latestRun(session())).status).toBe('interrupted');
  });

  it('ends promptly where the client is on this host', async () => {
    const command = await session().start([...shortRun, '--set', 'topology=host-to-vm', '--duration', '3s']);
    await progressOf(command, /^ok +boot /m);
    await session().process('iperf3');
    const startMs = performance.now();
    process.kill(command.pid, 'SIGINT');
    expect((await command.ended).exitStatus).toBe(130);
    expect(performance.now() - startMs).toBeLessThan(promptMs);
  });

  it('can be resumed', async () => {
    const command = await session().start(shortRun);
    await boot(command, session());
    command.signal('SIGINT');
    await command.ended;
    expect((await session().run(['run', '--resume', 'latest'])).exitStatus).toBe(0);
    expect(await latestRun(session())).toMatchObject({ status: 'done', trials: [{ attempt: 2, failure: null }] });
  });
});
