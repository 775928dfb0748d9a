import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { modesIn } from './support/modes.ts';
import { useSession } from './support/session.ts';
import { latestRun, shortRun } from './support/stored-run.ts';

const repository = dirname(dirname(import.meta.dirname));
const archive = join(repository, 'docs/evidence/2026-11-23-offloads/run.tar.gz');

const withUmask = (mask: string): string[] => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
const writeByOthers = 0o022;

/** What `tapbench` writes, whatever else is in the folder: the index is SQLite's. */
const isRecord = (path: string): boolean => path.endsWith('.json');

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run with umask', () => {
  const session = useSession();

  it.each([
    { mask: '000', folder: 0o750, record: 0o640 },
    { mask: '077', folder: 0o700, record: 0o600 },
  ])('$mask leaves nothing that others could write, and its records to few', async ({ mask, folder, record }) => {
    const wrapper = withUmask(mask);
    // A cache of its own, where what is made there counts too.
    const cache = join(session().folder, 'cache');
    const env = mask === '000' ? { XDG_CACHE_HOME: cache } : {};
    expect(await session().run(shortRun, { wrapper, env })).toMatchObject({ exitStatus: 0 });
    expect(await session().run(['import', archive], { wrapper, env })).toMatchObject({ exitStatus: 0 });
    expect((await latestRun(session())).status).toBe('done');
    const stored = await modesIn(session().store);
    const made = [...stored, ...(mask === '000' ? await modesIn(cache) : [])];
    expect(made.filter(({ mode }) => (mode & writeByOthers) !== 0)).toEqual([]);
    expect(new Set(stored.filter(({ isFolder }) => isFolder).map(({ mode }) => mode))).toEqual(new Set([folder]));
    const records = stored.filter(({ path }) => isRecord(basename(path)));
    expect(new Set(records.map(({ mode }) => mode))).toEqual(new Set([record]));
  });
});
