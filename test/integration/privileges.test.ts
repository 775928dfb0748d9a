import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { progressOf, type Session, useSession } from './support/session.ts';
import { latestRun, shortRun } from './support/stored-run.ts';

/** Lines of /proc/PID/status by their names. */
function statusOf(pid: number): ReadonlyMap<string, string> {
  const lines = readFileSync(`/proc/${String(pid)}/status`, 'utf8').split('\n');
  return new Map(lines.map((line): [string, string] => [line.split(':')[0] ?? '', (line.split(':')[1] ?? '').trim()]));
}

function ids(pid: number, name: 'Uid' | 'Gid'): number[] {
  return (statusOf(pid).get(name) ?? '').split(/\s+/).map(Number);
}

/** Looks at the VMM of a run once its guest is up: until then it is the programs that start it. */
async function withBootedVmm(session: Session, look: (pid: number) => void): Promise<void> {
  const command = await session.start(shortRun);
  await progressOf(command, /^ok +boot /m);
  look((await session.process('qemu-system-x86')).pid);
  expect(await command.ended).toMatchObject({ exitStatus: 0 });
}

/** As root without one of its rights, as in a container. */
const without = (capability: string): string[] => ['setpriv', `--bounding-set=-${capability}`, '--'];

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a running QEMU', () => {
  const session = useSession();

  it('has a user of its own, no rights and no way to get some, and owns its tap and the nodes that it opens, which are no others’ to see', async () => {
    await withBootedVmm(session(), (pid) => {
      const [user = 0, ...others] = ids(pid, 'Uid');
      expect(user).toBeGreaterThanOrEqual(61_184);
      expect([...others, ...ids(pid, 'Gid')]).toEqual(Array.from({ length: 7 }, () => user));
      const status = statusOf(pid);
      for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
        expect([name, Number(status.get(name))]).toEqual([name, 0]);
      expect([status.get('Groups'), status.get('NoNewPrivs'), status.get('Seccomp')]).toEqual(['', '1', '2']);
      // Every thread is filtered.
      const threads = readdirSync(`/proc/${String(pid)}/task`);
      expect(threads.length).toBeGreaterThan(1);
      for (const thread of threads) expect(statusOf(Number(thread)).get('Seccomp')).toBe('2');
      const names = readFileSync('/etc/passwd', 'utf8').split('\n');
      expect(names.filter((line) => line.split(':')[2] === String(user))).toEqual([]);

      const mounts = readFileSync(`/proc/${String(pid)}/mountinfo`, 'utf8').split('\n');
      const own = mounts.filter((line) => line.includes(' - tmpfs tapbench '));
      const here = readFileSync('/proc/self/mountinfo', 'utf8');
      expect(here).not.toContain(' - tmpfs tapbench ');
      const tun = readFileSync(`/proc/${String(pid)}/root/sys/class/net/tap0/owner`, 'utf8');
      expect(Number(tun)).toBe(user);
      // Where everybody may open /dev/net/tun, as udev has it, there is nothing to make.
      if (own.length > 0) expect(own.some((line) => line.includes(' /dev/net/tun '))).toBe(true);
    });
  });

  it.each(['sys_ptrace', 'setuid', 'mknod'])(
    'runs as root, and says why, where root lacks CAP_%s',
    async (capability) => {
      const command = await session().run(shortRun, { wrapper: without(capability) });
      expect(command).toMatchObject({ exitStatus: 0 });
      const [trial] = (await latestRun(session())).trials;
      const isMade = /qemu runs as root: /.test(command.stderr);
      expect(trial?.vmm?.runsAs).toBe(isMade ? 'tapbench-user' : 'own-user');
      // Where everybody may open the devices, no node is made.
      if (capability !== 'mknod') expect(isMade).toBe(true);
    },
  );
});
