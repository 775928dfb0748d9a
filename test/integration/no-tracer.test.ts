import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { measurementOf, only, parseRun } from './support/stored-run.ts';

/** A folder with links to every program of PATH but this one; the first of a name wins, as on PATH. */
async function pathWithout(missing: string, folder: string): Promise<string> {
  await mkdir(folder);
  const taken = new Set([missing]);
  for (const from of (process.env['PATH'] ?? '').split(':')) {
    for (const name of await readdir(from).catch(() => [])) {
      if (taken.has(name)) continue;
      taken.add(name);
      await symlink(join(from, name), join(folder, name));
    }
  }
  return folder;
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run without bpftrace', () => {
  const session = useSession();

  it('counts reads and writes by /proc, says why, and is a whole run', async () => {
    const PATH = await pathWithout('bpftrace', join(session().folder, 'path'));
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'iperf3', '--json'];
    const result = await session().run(words, { env: { PATH } });
    expect(result).toMatchObject({ exitStatus: 0 });
    const run = parseRun(result.stdout);
    expect(run.status).toBe('done');
    expect(run.host?.tracing).toMatchObject({ isUsable: false, reason: expect.stringContaining('bpftrace') as string });
    const { systemCalls, notMeasured } = measurementOf(only(run.trials), 'iperf3');
    expect(systemCalls).toMatchObject({
      source: 'procfs-io',
      sourceReason: expect.stringContaining('bpftrace') as string,
    });
    expect(notMeasured.systemCalls).toBeUndefined();
    expect(systemCalls?.threads.flatMap(({ calls }) => calls).some(({ count }) => count > 0)).toBe(true);
  });
});
