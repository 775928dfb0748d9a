import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { checkedOutCommit, packageFolder } from '../host/own-facts.ts';
import { run } from '../lab/process.ts';
import { type DiskEntry, folderEntries } from './disk-tree.ts';
import { nestedPaths } from './job.ts';
import { runtimePackages } from './runtime-packages.ts';

/** On the job's disk, which is mounted as /job. */
const place = '/tapbench';
/** 600 files take 1 s. */
const stripDeadlineMs = 120_000;

/** tapbench on the job's disk, and how it is started there: arguments of Node up to the subcommand. */
export interface OwnCode {
  readonly entries: readonly DiskEntry[];
  readonly arguments: readonly string[];
}

/** Our TypeScript without its types, in a folder of its own. */
async function stripped(from: string, to: string): Promise<string> {
  const script = join(import.meta.dirname, 'strip-types.ts');
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', script, from, to];
  await run(argv, { deadlineMs: stripDeadlineMs });
  return to;
}

async function packageEntries(root: string): Promise<DiskEntry[]> {
  const isRunTime = (path: string): boolean => !/\.(?:d\.[cm]?ts|map|md)$/.test(path);
  const packages = await runtimePackages(root);
  const lists = packages.map(async (folder) => {
    const path = folder.slice(folder.indexOf('/node_modules/'));
    return await folderEntries(folder, `${place}${path}`, isRunTime);
  });
  return (await Promise.all(lists)).flat();
}

/** The code as it runs now: `src` without types, or `dist`. */
async function codeEntries(root: string, top: string, workFolder: string): Promise<DiskEntry[]> {
  const isTypeScript = extname(import.meta.filename) === '.ts';
  const folder = join(root, top);
  const others = await folderEntries(folder, `${place}/${top}`, (path) => !/\.(?:ts|map)$/.test(path));
  if (!isTypeScript) return others;
  const plain = await stripped(folder, join(workFolder, 'stripped'));
  return [...others, ...(await folderEntries(plain, `${place}/${top}`))];
}

/** tapbench as it runs here, with the packages that it needs to run. @throws TapbenchError `PROCESS_FAILED` */
export async function ownCode(workFolder: string): Promise<OwnCode> {
  const root = packageFolder();
  const code = relative(root, dirname(import.meta.dirname));
  const [top = 'src'] = code.split('/');
  const extension = extname(import.meta.filename);
  const commit = checkedOutCommit(root);
  // A checkout without branches: HEAD is the commit itself, so the records say which it was.
  const head: DiskEntry[] =
    commit === null ? [] : [{ kind: 'text', path: `${place}/.git/HEAD`, text: `${commit}\n`, mode: 0o644 }];
  const hook = await readFile(join(import.meta.dirname, 'plain-types.mjs'), 'utf8');
  return {
    entries: [
      { kind: 'file', path: `${place}/package.json`, source: join(root, 'package.json') },
      { kind: 'text', path: `${place}/plain-types.mjs`, text: hook, mode: 0o644 },
      ...head,
      ...(await codeEntries(root, top, workFolder)),
      ...(await folderEntries(join(root, 'experiments'), `${place}/experiments`)),
      ...(await packageEntries(root)),
    ],
    arguments: [
      '--max-semi-space-size=2',
      ...(extension === '.ts' ? ['--import', `${nestedPaths.tapbench}/plain-types.mjs`] : []),
      `${nestedPaths.tapbench}/${code}/cli/main${extension}`,
    ],
  };
}
