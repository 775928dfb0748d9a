import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { run } from '../lab/process.ts';
import { leftIn, makeFolders, together } from './together.ts';

interface Left {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitStatus: number | null;
}

async function shell(text: string): Promise<Left> {
  const { stdout, stderr, exitStatus } = await run(['sh', '-c', text], { deadlineMs: 10_000, acceptsFailure: true });
  return { stdout, stderr, exitStatus };
}

async function ran(root: string, ...scripts: string[]): Promise<Left[]> {
  const commands = scripts.map((script, index) => ({
    argv: ['sh', '-c', script],
    folder: join(root, `it's ${String(index)}`),
  }));
  expect((await shell(makeFolders(commands))).exitStatus).toBe(0);
  // What the shell itself says of one that was killed goes to its own stderr.
  const { exitStatus, stdout } = await run(together(commands), { deadlineMs: 10_000 });
  expect([exitStatus, stdout]).toEqual([0, '']);
  return await Promise.all(commands.map(async ({ folder }) => await shell(leftIn(folder))));
}

describe('several commands as one', () => {
  it('each leave their own output and status', async () => {
    await using made = await temporaryFolder();
    const root = made.path;
    expect(await ran(root, "echo 'one line'; echo two >&2", 'exit 3', 'kill -9 $$')).toEqual([
      { stdout: 'one line\n', stderr: 'two\n', exitStatus: 0 },
      { stdout: '', stderr: '', exitStatus: 3 },
      { stdout: '', stderr: '', exitStatus: 137 },
    ]);
  });

  it('run at once: each waits for what the other makes', async () => {
    await using made = await temporaryFolder();
    const root = made.path;
    const path = join(root, 'pipe');
    await shell(`mkfifo ${path}`);
    const left = await ran(root, `echo hello >${path}`, `cat ${path}`);
    expect(left.map(({ stdout }) => stdout)).toEqual(['', 'hello\n']);
  });

  it('leave nothing of an earlier window', async () => {
    await using made = await temporaryFolder();
    const root = made.path;
    await ran(root, 'exit 4', 'true');
    expect((await ran(root, 'echo new', 'true'))[0]).toEqual({ stdout: 'new\n', stderr: '', exitStatus: 0 });
  });

  it('that were still running when the window was ended count as killed', async () => {
    await using made = await temporaryFolder();
    const folder = join(made.path, 'none');
    await shell(`${makeFolders([{ argv: [], folder }])}; : >${folder}/stdout; : >${folder}/stderr`);
    expect((await shell(leftIn(folder))).exitStatus).toBe(137);
  });
});
