import { describe, expect, it } from 'vitest';
import { type AgentPart, agentParts, agentProblem, agentVersion, inittabWithAgent, missingPart } from './agent.ts';
import type { RootfsEntry, RootfsFiles } from './rootfs-files.ts';

/** A root file system in memory: paths to the text of a program (with a star in front of its path) or a file; `-> target` is a link. */
function filesOf(tree: Readonly<Record<string, string>>): RootfsFiles {
  const entries = new Map<string, { entry: RootfsEntry; text: string }>();
  for (const [name, text] of Object.entries(tree)) {
    const path = name.replace('*', '');
    const target = /^-> (.*)/.exec(text)?.[1];
    const mode = name.startsWith('*') ? 0o755 : 0o644;
    const entry: RootfsEntry = target === undefined ? { kind: 'file', mode } : { kind: 'link', mode, target };
    entries.set(path, { entry: text === '/' ? { kind: 'folder', mode: 0o755 } : entry, text });
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (!entries.has(folder)) entries.set(folder, { entry: { kind: 'folder', mode: 0o755 }, text: '' });
    }
  }
  return {
    look: (path) => Promise.resolve(entries.get(path)?.entry ?? null),
    read: (path) => Promise.resolve(Buffer.from(entries.get(path)?.text ?? '')),
  };
}

/** As if the parts had been put there. */
function withParts(tree: Readonly<Record<string, string>>, parts: readonly AgentPart[]): Record<string, string> {
  const all: Record<string, string> = { ...tree };
  for (const part of parts) {
    if (part.kind === 'folder') all[part.path] ??= '/';
    else all[part.path] = part.kind === 'link' ? `-> ${part.target}` : part.text;
  }
  return all;
}

const shell = { '*/bin/sh': 'a shell' };
const systemd = { ...shell, '/sbin/init': '-> /lib/systemd/systemd', '*/lib/systemd/systemd': 'an init' };
const openrc = {
  ...shell,
  '/sbin/init': '-> /bin/busybox',
  '*/bin/busybox': 'an init',
  '*/sbin/openrc': 'its services',
  '/etc/runlevels/default': '/',
};
const sysvinit = { ...shell, '*/sbin/init': 'an init', '/etc/inittab': 'id:2:initdefault:\n' };
const busybox = { ...shell, '/sbin/init': '-> ../bin/busybox', '*/bin/busybox': 'an init' };

async function partsOf(tree: Readonly<Record<string, string>>): Promise<readonly AgentPart[]> {
  const found = await agentParts(filesOf(tree));
  if ('problem' in found) throw new Error(found.problem);
  return found.parts;
}

describe('the agent', () => {
  it.each([
    ['systemd', systemd, '/etc/systemd/system/multi-user.target.wants/tapbench-agent.service'],
    ['openrc', openrc, '/etc/runlevels/default/tapbench-agent'],
    ['sysvinit', sysvinit, '/etc/inittab'],
    ['busybox', busybox, '/etc/inittab'],
  ])('is a service of %s, and comes whole', async (kind, tree, service) => {
    expect(await agentParts(filesOf(tree))).toMatchObject({ kind });
    const parts = await partsOf(tree);
    expect(parts.map(({ path }) => path)).toContain(service);
    expect(parts.at(-1)).toMatchObject({ path: '/usr/lib/tapbench/version', text: `${agentVersion}\n` });
    expect(await missingPart(filesOf(tree), parts)).toMatchObject({ path: '/usr' });
    const whole = filesOf(withParts(tree, parts));
    expect(await missingPart(whole, parts)).toBeNull();
    expect(await agentProblem(whole)).toBeNull();
    // Once more changes nothing.
    const again = await agentParts(whole);
    expect('parts' in again && again.parts).toEqual(parts);
  });

  it('keeps everybody else off the console of systemd', async () => {
    const links = (await partsOf(systemd)).filter((part) => part.kind === 'link' && part.target === '/dev/null');
    expect(links.map(({ path }) => path)).toEqual([
      '/etc/systemd/system/serial-getty@ttyS0.service',
      '/etc/systemd/system/console-getty.service',
    ]);
  });

  it.each([
    ['no init', shell, 'it has no /sbin/init'],
    ['an init that may not be run', { ...shell, '/sbin/init': 'text' }, 'it has no /sbin/init'],
    ['no shell', { ...systemd, '*/bin/sh': '-> /gone' }, 'it has no /bin/sh, which its init runs scripts with'],
    [
      'another init',
      { ...shell, '/sbin/init': '-> runit-init', '*/sbin/runit-init': '', '/etc/inittab': '' },
      "the agent can't be a service of its /sbin/init (/sbin/runit-init), but of systemd, openrc, sysvinit, busybox",
    ],
  ])('does not go into a root file system with %s', async (_, tree, problem) => {
    expect(await agentParts(filesOf(tree))).toEqual({ problem });
  });

  it('is missed, and told from another', async () => {
    expect(await agentProblem(filesOf(systemd))).toBe('it has no agent: tapbench guest-agent install');
    const parts = await partsOf(systemd);
    const old = withParts(systemd, parts);
    old['/usr/lib/tapbench/version'] = '0\n';
    expect(await agentProblem(filesOf(old))).toContain(`its agent is of version 0, not ${agentVersion}`);
    const changed = withParts(systemd, parts);
    changed['/etc/systemd/system/tapbench-agent.service'] = 'another';
    expect(await agentProblem(filesOf(changed))).toContain(
      '/etc/systemd/system/tapbench-agent.service of its agent is not as',
    );
    const gone = withParts({ ...systemd, '*/lib/systemd/systemd': '-> /gone' }, parts);
    expect(await agentProblem(filesOf(gone))).toBe('it has no /sbin/init');
  });
});

describe('inittabWithAgent', () => {
  const start = '/usr/lib/tapbench/root/bin/busybox chroot /usr/lib/tapbench/root /init service';

  it('has the agent last, and nobody else on the serial line', () => {
    const text = `# /etc/inittab
id:2:initdefault:
l2:2:wait:/etc/init.d/rc 2
1:2345:respawn:/sbin/getty --noclear 38400 tty1
T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100
`;
    const expected = text.replace('T0:', '# tapbench:T0:') + `tb:2345:once:${start}\n`;
    expect(inittabWithAgent(text, 'sysvinit')).toBe(expected);
    expect(inittabWithAgent(expected, 'sysvinit')).toBe(expected);
  });

  it("takes busybox's identifiers as terminals, and needs no line feed at the end", () => {
    const text = `::sysinit:/sbin/openrc sysinit
::askfirst:-/bin/sh
tty1::respawn:/sbin/getty 38400 tty1
ttyS0::respawn:/bin/login
::respawn:/usr/sbin/sshd -D
::respawn:/bin/sh -c 'a service of shell'
::respawn:/sbin/getty -L console`;
    expect(inittabWithAgent(text, 'busybox').split('\n')).toEqual([
      '::sysinit:/sbin/openrc sysinit',
      '# tapbench:::askfirst:-/bin/sh',
      'tty1::respawn:/sbin/getty 38400 tty1',
      '# tapbench:ttyS0::respawn:/bin/login',
      '::respawn:/usr/sbin/sshd -D',
      "::respawn:/bin/sh -c 'a service of shell'",
      '# tapbench:::respawn:/sbin/getty -L console',
      `::once:${start}`,
      '',
    ]);
  });
});
