import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { progressOf, useSession } from './support/session.ts';
import { latestRun, only, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a shell in the guest', () => {
  const session = useSession();

  it('opens in the VM that run --keep left up, again and again, until Ctrl-C', async () => {
    const command = await session().start([...shortRun, '--keep']);
    await progressOf(command, /tapbench shell --to \S+\n/);
    const path = /tapbench shell --to (\S+)\n/.exec(command.stderrSoFar())?.[1] ?? '';
    const first = await session().run(['shell', '--to', path], { input: 'uname -r\nexit\n' });
    const second = await session().run(['shell', '--to', path], { input: 'echo $((6 * 7))\nexit\n' });
    // A closed terminal: the shell that it leaves is ended.
    const closed = await session().start(['shell', '--to', path], { input: null });
    await new Promise((resolve) => closed.stdout?.once('data', resolve));
    closed.signal('SIGKILL');
    await closed.ended;
    const third = await session().run(['shell', '--to', path], { input: 'echo $((7 * 7))\n' });
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ exitStatus: 0 });
    const { guest, failure } = only((await latestRun(session())).trials);
    expect(failure).toBeNull();
    expect(first).toMatchObject({ exitStatus: 0 });
    expect(first.stdout).toContain(`\n${guest?.kernelRelease ?? 'no kernel'}\r\n`);
    expect(second.stdout).toContain('\n42\r\n');
    expect(third).toMatchObject({ exitStatus: 0 });
    expect(third.stdout).toContain('\n49\r\n');
  });

  it('of its own takes commands from a pipe and ends with it', async () => {
    const result = await session().run(['shell', 'quick'], { input: 'echo $((6 * 7))\n' });
    expect(result).toMatchObject({ exitStatus: 0 });
    expect(result.stdout).toContain('\n42\r\n');
  });

  it('is refused where nobody offers one', async () => {
    const result = await session().run(['shell', '--to', '/nowhere.sock']);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toContain('/nowhere.sock');
  });
});
