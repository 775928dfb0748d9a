import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { requireOrSkip } from './requirement.ts';
import { type Session, useSession } from './support/session.ts';
import { failedTwice, latestRun, shortRun } from './support/stored-run.ts';

/** Puts a QEMU into PATH that says its true version, and does as it is told where it should boot a guest. */
async function hostileQemu(session: Session, script: string): Promise<void> {
  const real = (await findExecutable('qemu-system-x86_64')) ?? '';
  await session.fake('qemu-system-x86_64', `[ "$1" != --version ] || exec '${real}' --version\n${script}`);
}

/** The same, where a user of its own may come to it: else it would be run as root. */
async function hostileQemuOfItsOwn(session: Session, script: string): Promise<void> {
  await hostileQemu(session, script);
  for (const folder of [session.folder, join(session.folder, 'bin')]) await chmod(folder, 0o755);
}

const mebibyte = 1024 ** 2;
/** Away from its parent, its session, and the network namespace in which it would be looked for. */
const escape = 'setsid unshare --user --net sleep 1000';
const impatient = ['--set', 'bootTimeout=1s'];

/** Runs a command in a terminal of its own. */
const inTerminal = ['sh', '-c', 'exec script --quiet --return --command "$*" /dev/null', 'sh'];

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a VMM that wants to take the host down', () => {
  const session = useSession();

  it('by writing errors without end is ended, and little of it is kept', async () => {
    await hostileQemu(session(), 'exec cat /dev/zero >&2');
    const result = await session().run([...shortRun, '--set', 'vmm.memory=64M']);
    expect(result.exitStatus).toBe(4);
    const run = await latestRun(session());
    const { failure, trialId } = failedTwice(run);
    expect(failure?.vmmStderrTail).toEqual(['\0'.repeat(1024)]);
    expect(failure).toMatchObject({ code: 'VMM_FAILED' });
    expect(failure?.message).toContain('the VMM ended (was ended by SIGXFSZ, as it wrote too large a file)');
    const { size } = await stat(join(session().store, run.runId, 'trials', trialId, 'vmm.stderr'));
    expect(size).toBe(64 * mebibyte);
  });

  it('by leaving a process that holds its output, and heeds no signal, loses its trial only', async () => {
    // Away from its session and its parent, as a daemon is.
    await hostileQemu(session(), `trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & exit 1`);
    const result = await session().run(shortRun);
    expect(result.exitStatus).toBe(4);
    expect(failedTwice(await latestRun(session())).failure).toMatchObject({ code: 'VMM_FAILED' });
    expect(await session().processes()).toEqual([]);
  });

  it('by forking faster than one look can see is gone with its namespace', async () => {
    // Each forks at once, some hundred a second: where they are not ended they must end by themselves, later than anybody tries to end them.
    const again =
      'while read -r now _ </proc/uptime && [ "${now%.*}" -lt "$until" ]; do sh -c "$0" "$0" & sleep 0.05; wait; done';
    const bound = 'read -r now _ </proc/uptime; export until=$((${now%.*} + 20))';
    await hostileQemu(session(), `${bound}\n(setsid sh -c '${again}' '${again}') & sleep 1000`);
    const result = await session().run([...shortRun, '--set', 'bootTimeout=1s']);
    expect(result.exitStatus).toBe(4);
    expect(await session().processes()).toEqual([]);
  });

  it('by typing into the terminal that tapbench runs in does not come to it', async () => {
    await hostileQemuOfItsOwn(session(), 'stat -c "its terminal: %t:%T" /dev/tty >&2; echo typed >/dev/tty; exit 1');
    const { stdout } = await session().run(shortRun, { wrapper: inTerminal, input: null });
    expect(stdout).toContain('VMM_FAILED');
    expect(stdout).not.toContain('typed');
    // That of /dev/null (null(4)).
    expect(failedTwice(await latestRun(session())).failure?.vmmStderrTail).toEqual(['its terminal: 1:3']);
  });

  it('by looking around finds neither tokens nor what lies where tapbench was started', async () => {
    await hostileQemuOfItsOwn(session(), 'env >&2; grep processes /proc/self/limits >&2; pwd >&2; exit 1');
    const { exitStatus } = await session().run(shortRun, { env: { CI_TOKEN: 'secret' } });
    expect(exitStatus).toBe(4);
    const tail = failedTwice(await latestRun(session())).failure?.vmmStderrTail;
    expect(tail?.at(-1)).toBe('/');
    expect(tail?.join('\n')).toMatch(/^Max processes +4096 /m);
    expect(tail?.join('\n')).not.toContain('secret');
  });

  it('by going into a namespace of its own is found by its user', async () => {
    await hostileQemuOfItsOwn(session(), `${escape} & exec sleep 1000`);
    expect((await session().run([...shortRun, ...impatient])).exitStatus).toBe(4);
    expect(await session().processes()).toEqual([]);
  });

  it('by going there before tapbench is killed is found by tapbench clean', async () => {
    await hostileQemuOfItsOwn(session(), `${escape} & exec sleep 1000`);
    const command = await session().start(shortRun);
    await session().process('sleep');
    process.kill(command.pid, 'SIGKILL');
    await command.ended;
    expect(await session().run(['clean'])).toMatchObject({ exitStatus: 0, stderr: '' });
    expect(await session().processes()).toEqual([]);
  });
});
