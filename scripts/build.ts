/**
 * Makes `dist/`: the compiled code with its declarations, and beside it what is not TypeScript (the guest's init).
 * It is built in a folder of its own and put in place at the end, so a build that was killed leaves the old one whole.
 */
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../src/lab/process.ts';

const root = dirname(import.meta.dirname);
const draft = join(root, 'dist.new');
const tscDeadlineMs = 300_000;

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** tsc leaves `.ts` in the imports of declarations, which only a consumer that allows it could read. */
async function mendDeclarations(): Promise<void> {
  const files = await readdir(draft, { recursive: true });
  const declarations = files.filter((file) => file.endsWith('.d.ts'));
  await Promise.all(
    declarations.map(async (file) => {
      const text = await readFile(join(draft, file), 'utf8');
      await writeFile(
        join(draft, file),
        text.replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'),
      );
    }),
  );
}

async function copyAssets(): Promise<void> {
  const assets = (await filesOf('src')).filter((file) => !file.endsWith('.ts'));
  for (const file of assets) {
    await mkdir(dirname(join(draft, file)), { recursive: true });
    await cp(join(root, file), join(draft, file));
  }
}

async function makeExecutable(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const shebang = '#!/usr/bin/env node\n';
  await writeFile(file, text.startsWith('#!') ? text.replace(/^#!.*\n/, shebang) : shebang + text);
  await chmod(file, 0o755);
}

async function put(): Promise<void> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  await rename(draft, dist);
}

await rm(draft, { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
await run([process.execPath, tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', draft], {
  cwd: root,
  deadlineMs: tscDeadlineMs,
});
await Promise.all([mendDeclarations(), copyAssets(), makeExecutable(join(draft, 'src/cli/main.js'))]);
await put();
