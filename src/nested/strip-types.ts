/**
 * A program of its own: `node strip-types.ts FROM TO` copies the TypeScript files below FROM to TO, without their types. Node warns that the
 * function for it is experimental, which must not be seen in the output of our callers: they start this with the warning off.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const [, , from = '', to = ''] = process.argv;
const names = await readdir(from, { recursive: true });
const wanted = names.filter((name) => name.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(name));
for (const name of wanted) {
  await mkdir(dirname(join(to, name)), { recursive: true });
  await writeFile(join(to, name), stripTypeScriptTypes(await readFile(join(from, name), 'utf8')));
}
