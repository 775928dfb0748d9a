import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { withFileLimit } from './file-limit.ts';
import { run } from './process.ts';

it('a process that writes a larger file than it may is ended, and one that does not is left alone', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'out');
  const written = async (bytes: number) =>
    await run(withFileLimit(['dd', 'if=/dev/zero', `of=${file}`, 'bs=1024', `count=${String(bytes / 1024)}`], 65_536), {
      deadlineMs: 10_000,
      acceptsFailure: true,
    });
  expect(await written(65_536)).toMatchObject({ exitStatus: 0 });
  expect(await written(131_072)).toMatchObject({ exitStatus: null, signal: 'SIGXFSZ' });
  expect(statSync(file).size).toBe(65_536);
});

it('a process that has a lower limit already keeps it, and is started', async () => {
  const limited = withFileLimit(['sh', '-c', 'ulimit -f'], 1024 ** 2);
  const bounded = ['setpriv', '--bounding-set=-sys_resource', '--inh-caps=-sys_resource', '--'];
  const lower = ['sh', '-c', 'ulimit -f 10 && exec "$@"', 'sh', ...limited];
  const { stdout } = await run(process.geteuid?.() === 0 ? [...bounded, ...lower] : lower, { deadlineMs: 10_000 });
  expect(stdout).toBe('10\n');
});
