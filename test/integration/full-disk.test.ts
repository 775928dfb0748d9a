import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { type Session, useSession } from './support/session.ts';

/** Puts a small disk where the store is, for one command only: in a mount namespace of its own. */
async function smallStore(session: Session, size: string): Promise<{ wrapper: string[] }> {
  await mkdir(session.store, { recursive: true });
  const script = `mount -t tmpfs -o size=${size} none '${session.store}' && exec "$@"`;
  return { wrapper: ['unshare', '--mount', 'sh', '-c', script, 'sh'] };
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run on a full disk', () => {
  const session = useSession();

  it('that has no room for the header leaves nothing and exits 3', async () => {
    const result = await session().run(['run', 'quick', '--duration', '1s'], await smallStore(session(), '8k'));
    expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(result.stderr).toMatch(/run\.json can't be written: ENOSPC.*\n.*--store DIR/);
    // The header is written while the first guest boots, which is then of no use to anybody.
    expect(result.stderr).not.toMatch(/iperf3: 1 s/);
  });

  it('that fills up while the log of a window comes in says so and exits 3', async () => {
    const words = ['run', 'quick', '--duration', '2s', '--workload', 'sockperf', '--trace', 'off'];
    const result = await session().run(words, await smallStore(session(), '96k'));
    expect(result).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(result.stderr).toContain('ENOSPC');
    expect(result.stderr).toContain('--store DIR');
    expect(result.stderr).not.toContain('a fault of tapbench itself');
  });
});
