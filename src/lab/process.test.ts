import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, start } from './process.ts';
import { identityOf } from './process-identity.ts';
import { waitFor } from './wait.ts';

const limits = { deadlineMs: 5_000, intervalMs: 5 };

describe('run', () => {
  it('gives status, stdout and stderr apart', async () => {
    const result = await run(['sh', '-c', 'echo out; echo err >&2; exit 3'], {
      deadlineMs: 5_000,
      acceptsFailure: true,
    });
    expect(result).toMatchObject({ exitStatus: 3, signal: null, stdout: 'out\n', stderr: 'err\n', isTimedOut: false });
  });

  it('throws what the process complained of when its status is not 0', async () => {
    await expect(run(['sh', '-c', 'echo no such tap >&2; exit 2'], { deadlineMs: 5_000 })).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringContaining('exit 2: no such tap') as string,
    });
  });

  it('ends the whole process group when the deadline passes', async () => {
    const error: unknown = await run(['sh', '-c', 'sleep 30 & echo $!; wait'], { deadlineMs: 200 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'PROCESS_TIMED_OUT', cause: { isTimedOut: true } });
    const grandchild = Number((error as { cause: { stdout: string } }).cause.stdout);
    expect(grandchild).toBeGreaterThan(1);
    expect(await waitFor(() => (identityOf(grandchild) === null ? true : null), limits)).toBe(true);
  });

  it('hands input over and closes it', async () => {
    const { stdout } = await run(['cat'], { deadlineMs: 5_000, input: 'a line\n' });
    expect(stdout).toBe('a line\n');
  });

  it('names a program that is not there', async () => {
    await expect(run(['no-such-program-here'], { deadlineMs: 5_000 })).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringContaining('no-such-program-here') as string,
    });
  });
});

describe('start', () => {
  /** proc_pid_stat(5): process group and session. */
  const sessionOf = (pid: number): string[] =>
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .slice(2, 4);

  /** What a process wrote into a file; null until it has. */
  const numberIn = (path: string): number | null =>
    existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) || null : null;

  it('gives a process a session of its own, or ours where it is asked to', async () => {
    await using own = await start(['sleep', '30']);
    await using ours = await start(['sleep', '30'], { session: 'ours' });
    expect(sessionOf(own.pid)).toEqual([String(own.pid), String(own.pid)]);
    expect(sessionOf(ours.pid)).toEqual(sessionOf(process.pid));
    expect((await ours.stop()).signal).toBe('SIGTERM');
    expect(own.hasEnded).toBe(false);
  });

  it('ends a process that ignores SIGTERM with SIGKILL after the grace', async () => {
    const child = await start(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], { stdout: 'pipe' });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(await child.stop(100)).toMatchObject({ exitStatus: null, signal: 'SIGKILL' });
    expect(child.hasEnded).toBe(true);
  });

  it('kills its process with all that it started at once on an abort, also one that comes before the start', async () => {
    const controller = new AbortController();
    const stubborn = ['sh', '-c', 'trap "" TERM; sleep 60 & echo $!; wait'];
    const child = await start(stubborn, { stdout: 'pipe', killedBy: controller.signal });
    const grandchild = Number(await new Promise((resolve) => child.stdout?.once('data', resolve)));
    controller.abort();
    expect(await child.ended).toMatchObject({ exitStatus: null, signal: 'SIGKILL' });
    expect(await waitFor(() => (identityOf(grandchild) === null ? true : null), limits)).toBe(true);
    const late = await start(stubborn, { killedBy: controller.signal });
    expect(await late.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  it('keeps only the end of output over the limit', async () => {
    const child = await start(['sh', '-c', 'head -c 3000000 /dev/zero; printf END'], { collectLimit: 200_000 });
    const { stdout } = await child.ended;
    expect(stdout.length).toBeLessThan(500_000);
    expect(stdout.endsWith('END')).toBe(true);
  });

  it('lets its process die with us when we are killed', async () => {
    const script =
      "import { start } from './src/lab/process.ts'; const c = await start(['sleep', '60']); console.log(c.pid); setInterval(() => 0, 1000);";
    const us = await start([process.execPath, '--input-type=module', '-e', script], { stdout: 'pipe' });
    const text = await new Promise<string>((resolve) =>
      us.stdout?.once('data', (chunk: Buffer) => {
        resolve(String(chunk));
      }),
    );
    const child = Number(text);
    // setpriv asks for it, then becomes the command.
    const comm = (): string => readFileSync(`/proc/${String(child)}/comm`, 'utf8');
    expect(await waitFor(() => (comm() === 'sleep\n' ? true : null), limits)).toBe(true);
    process.kill(us.pid, 'SIGKILL');
    await us.ended;
    expect(await waitFor(() => (identityOf(child) === null ? true : null), limits)).toBe(true);
  });

  it('lets its process die with us when we are killed before it could ask for that', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tapbench-process-'));
    // Asks only once its parent is gone.
    const late = `#!/bin/sh\necho $$ >'${folder}/pid'\nwhile [ -e /proc/$PPID ]; do sleep 0.01; done\n`;
    const real = (await run(['sh', '-c', 'command -v setpriv'], { deadlineMs: 5_000 })).stdout.trim();
    writeFileSync(join(folder, 'setpriv'), `${late}exec ${real} "$@"\n`, { mode: 0o755 });
    const script = `import { start } from './src/lab/process.ts';
      process.env.PATH = '${folder}:' + process.env.PATH;
      await start(['touch', '${folder}/started']);
      setInterval(() => 0, 1000);`;
    const us = await start([process.execPath, '--input-type=module', '-e', script]);
    const child = await waitFor(() => numberIn(join(folder, 'pid')), limits);
    process.kill(us.pid, 'SIGKILL');
    await us.ended;
    expect(child).not.toBeNull();
    expect(await waitFor(() => (identityOf(child ?? 0) === null ? true : null), limits)).toBe(true);
    expect(existsSync(join(folder, 'started'))).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
