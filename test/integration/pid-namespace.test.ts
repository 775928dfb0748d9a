import { expect, it } from 'vitest';
import { z } from 'zod';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';

const describeHere = await requireOrSkip('root', 'bpf');

const traced = z.object({
  threads: z.array(
    z.object({
      tid: z.int(),
      name: z.string(),
      calls: z.array(z.object({ name: z.string(), count: z.int() })),
    }),
  ),
});

describeHere('a process in a pid namespace', () => {
  const session = useSession();

  it('is traced from inside of it by the numbers that it has there', async () => {
    const isolated = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const copying = 'dd if=/dev/zero of=/dev/null bs=1 2>/dev/null & exec "$@" $!';
    const wrapper = [...isolated, 'sh', '-c', copying, 'sh'];
    const words = ['trace', '--duration', '500ms', '--interval', '0', '--json'];
    const { stdout, exitStatus, stderr } = await session().run(words, { wrapper });
    expect({ exitStatus, stderr }).toMatchObject({ exitStatus: 0 });
    const { threads } = traced.parse(JSON.parse(stdout));
    expect(threads.map(({ name }) => name)).toEqual(['dd']);
    // The first process is the shell, which becomes tapbench; dd is one of the next. Outside, where this test runs, numbers are others.
    expect(threads[0]?.tid).toBeLessThan(10);
    const [reads = 0, writes = 0] = ['read', 'write'].map(
      (call) => threads[0]?.calls.find(({ name }) => name === call)?.count,
    );
    expect(reads).toBeGreaterThan(1000);
    // It makes as many of one as of the other, and goes on while the maps are printed one after another.
    expect(Math.abs(reads - writes) / reads).toBeLessThan(0.01);
  });
});
