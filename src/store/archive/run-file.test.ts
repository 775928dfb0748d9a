import { mkdir, realpath, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { contentOf, describedFile } from './run-file.ts';

const { signal } = new AbortController();

it.each([
  ['a folder on the way to it', 'trials', 'trials/console.log'],
  ['the file itself', 'console.log', 'console.log'],
])('a file of a run is not read where a link took the place of %s after it was listed', async (_what, link, path) => {
  await using folder = await temporaryFolder();
  const run = join(await realpath(folder.path), 'run');
  await mkdir(join(run, 'trials'), { recursive: true });
  for (const file of ['trials/console.log', 'console.log']) await writeFile(join(run, file), 'abc');
  expect(await describedFile(run, path, signal)).toMatchObject({ path, bytes: 3 });
  await rename(join(run, link), join(folder.path, 'elsewhere'));
  await symlink(join(folder.path, 'elsewhere'), join(run, link));
  await expect(describedFile(run, path, signal)).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringContaining('a link leads out of the run') as unknown,
  });
});

it('a file of any size ends with the signal, not with its last byte', async () => {
  await using folder = await temporaryFolder();
  const run = await realpath(folder.path);
  await writeFile(join(run, 'sparse'), '');
  await truncate(join(run, 'sparse'), 2 ** 40);
  const interrupted = new AbortController();
  const reason = new Error('interrupted');
  const content = contentOf(run, 'sparse', interrupted.signal);
  expect((await content.next()).done).toBe(false);
  interrupted.abort(reason);
  await expect(content.next()).rejects.toBe(reason);
  await expect(describedFile(run, 'sparse', interrupted.signal)).rejects.toBe(reason);
});
