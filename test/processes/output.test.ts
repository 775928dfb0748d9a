import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useSession } from '../integration/support/session.ts';
import { storeRun } from '../sample/history.ts';

/** In front of a command line: its stdout goes somewhere else. */
const stdoutTo = (target: string): string[] => ['sh', '-c', `exec "$@" ${target}`, 'sh'];
/** Two boots are too few to tell: exit 5. */
const openGate = ['compare', 'latest', '--gate', 'throughput>=+50%'];

describe('what tapbench prints', () => {
  const session = useSession();

  it.each([
    [['show', 'latest']],
    [['show', 'latest', '--json']],
    [['list']],
    [['report', 'latest']],
    [['export', '--format', 'csv']],
    [['plan']],
    [['schema']],
    [['--help']],
    // The gate can't be told: but that is what could not be said.
    [openGate],
  ])('%j onto a full disk exits 4, and says why without a stack', async (words) => {
    await storeRun(session().store);
    const result = await session().run(words, { wrapper: stdoutTo('> /dev/full') });
    expect(result.exitStatus).toBe(4);
    // What `latest` stands for is said before it.
    expect(result.stderr).toMatch(/^tapbench: stdout can't be written: ENOSPC.*$/m);
    expect(result.stderr).not.toMatch(/^\s+at |a fault of tapbench/m);
  });

  it('to a reader that has seen enough ends as it would have', async () => {
    await storeRun(session().store);
    const statusOf = async (words: readonly string[]) => {
      const wrapper = ['sh', '-c', '{ { "$@"; echo "exit $?" >&3; } | head -c 1 > /dev/null; } 3>&1', 'sh'];
      const { stdout, stderr } = await session().run(words, { wrapper });
      expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
      return stdout.trim();
    };
    expect(await statusOf(['show', 'latest', '--json'])).toBe('exit 0');
    expect(await statusOf(openGate)).toBe('exit 5');
  });

  it('on stderr is nowhere to be written: the exit status is still right', async () => {
    const result = await session().run(['show', 'latest'], { wrapper: stdoutTo('2> /dev/full') });
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
  });

  it.each([
    ['an argument', ['show', 'a\n::error::x\u009b2J\u061c\u200b']],
    ['a path', ['notes', 'read', '/no\n::error::x\u009b2J\u061c\u200b.md']],
    ['a file that is no experiment', ['plan', './a\n::error::x\u009b2J\u061c\u200b.yaml']],
    ['a path of --set', ['plan', '--set', 'a\n::error::x\u009b2J\u061c\u200b=1']],
    ['a field', ['list', '--where', 'a\n::error::x\u009b2J\u061c\u200b']],
    ['an unknown command', ['a\n::error::x\u009b2J\u061c\u200b']],
    ['an unknown flag', ['list', '--a\n::error::x\u009b2J\u061c\u200b']],
    ['an archive', ['import', 'a\n::error::x\u009b2J\u061c\u200b']],
    ['a metric', ['history', 'a\n::error::x\u009b2J\u061c\u200b']],
    ['a gate', ['compare', 'x', '--gate', 'a\n::error::x\u009b2J\u061c\u200b']],
  ])('on stderr of %s stays printable, on its own line', async (_, words) => {
    const { stderr, exitStatus } = await session().run(words);
    expect(exitStatus).toBe(2);
    expect(stderr).toContain('\\x0a');
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const line of stderr.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
  });

  it('into a file is there whole or not at all', async () => {
    await storeRun(session().store);
    const file = join(session().folder, 'out');
    const small = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh'];
    for (const words of [
      ['report', 'latest', '--format', 'json'],
      ['compare', 'latest', '--format', 'json'],
      ['export', '--format', 'csv'],
      ['archive', 'latest'],
    ]) {
      const before = await readdir(session().folder);
      expect(await session().run([...words, '--output', file])).toMatchObject({ exitStatus: 0 });
      const whole = await readFile(file);
      const failed = await session().run([...words, '--output', file], { wrapper: small });
      expect(failed).toMatchObject({ exitStatus: 4 });
      expect(failed.stderr).toMatch(/out can't be written: EFBIG/);
      expect((await readFile(file)).equals(whole)).toBe(true);
      expect((await readdir(session().folder)).filter((name) => !before.includes(name))).toEqual(
        before.includes('out') ? [] : ['out'],
      );
    }
  });

  it.each([
    [['report', 'latest', '--format', 'json']],
    [['compare', 'latest', '--format', 'json']],
    [['export', '--format', 'csv']],
    [['export', '--format', 'parquet']],
    [['archive', 'latest']],
  ])('into a file leaves nothing half-written after a signal: %j', async (words) => {
    await storeRun(session().store);
    const folder = join(session().folder, 'outputs');
    await mkdir(folder);
    const watcher = watch(folder);
    const begun = once(watcher, 'change');
    const command = await session().start([...words, '--output', join(folder, 'out')]);
    await begun;
    watcher.close();
    command.signal('SIGINT');
    const { exitStatus, stderr } = await command.ended;
    // The signal may come when all is done: Node takes its handlers back before the process is gone (null).
    const isLate = exitStatus === 0 || exitStatus === null;
    if (!isLate)
      expect({ exitStatus, stderr }).toEqual({ exitStatus: 130, stderr: expect.stringContaining('SIGINT') as string });
    expect(await readdir(folder)).toEqual(isLate ? ['out'] : []);
  });
});
