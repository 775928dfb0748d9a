import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { otherWriter } from './folder-owners.ts';

const accounts = {
  passwd: 'root:x:0:0\nann:x:1000:1000\nbob:x:1001:1001\n_apt:x:42:65534\nnobody:x:65534:65534\n',
  group: 'root:x:0:\nann:x:1000:\nbob:x:1001:ann\nnogroup:x:65534:\n',
};

it.each([
  ['a group of the owner alone', { uid: 1000, gid: 1000, mode: 0o775 }, null],
  ['a group that another is listed in', { uid: 1001, gid: 1001, mode: 0o775 }, 'group 1001'],
  ['a group that is the first one of another', { uid: 65_534, gid: 65_534, mode: 0o775 }, 'group 65534'],
  ['a group of others', { uid: 1000, gid: 1001, mode: 0o775 }, 'group 1001'],
  ['a group without the right', { uid: 65_534, gid: 65_534, mode: 0o755 }, null],
  ['everybody', { uid: 1000, gid: 1000, mode: 0o777 }, 'everybody'],
])('tells who else may write: %s', async (_who, stats, writer) => {
  await using folder = await temporaryFolder();
  const files = { passwd: join(folder.path, 'passwd'), group: join(folder.path, 'group') };
  await writeFile(files.passwd, accounts.passwd);
  await writeFile(files.group, accounts.group);
  expect(otherWriter(stats, files)).toBe(writer);
});
