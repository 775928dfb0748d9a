import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../src/guest/image/program-path.ts';
import { readTree } from '../../src/guest/rootfs/tree.ts';
import { makeTreeImage } from '../../src/guest/rootfs/tree-image.ts';
import { fileSha256 } from '../../src/host/program.ts';
import { run } from '../../src/lab/process.ts';
import { requireOrSkip } from './requirement.ts';
import { useSession } from './support/session.ts';
import { failedTwice, latestRun, only, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');
const describeWithApt = await requireOrSkip('root', 'tap', 'image', 'apt');

const minute = 60_000;
const { signal } = new AbortController();

/** A system of packages of this machine's distribution, with all that they need: unpacked, not set up. busybox is its shell. */
async function treeOf(folder: string, packages: readonly string[]): Promise<string> {
  const archives = join(folder, 'archives');
  const tree = join(folder, 'tree');
  await mkdir(join(archives, 'partial'), { recursive: true });
  // As if nothing were installed.
  const settings = ['Dir::State::status=/dev/null', `Dir::Cache::archives=${archives}`, 'Debug::NoLocking=1'];
  const options = ['-qq', '--download-only', '--no-install-recommends', ...settings.flatMap((one) => ['-o', one])];
  await run(['apt-get', 'install', ...options, ...packages], { deadlineMs: minute });
  for (const name of await readdir(archives)) {
    if (name.endsWith('.deb')) await run(['dpkg-deb', '--extract', join(archives, name), tree], { deadlineMs: minute });
  }
  // Debian 13 has all of it in /usr; who sets a system up makes these links.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!existsSync(join(tree, name))) await symlink(`usr/${name}`, join(tree, name));
  }
  await withBusybox(tree);
  return tree;
}

async function withBusybox(tree: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'etc']) await mkdir(join(tree, name), { recursive: true });
  await copyFile((await findProgram('busybox')) ?? '', join(tree, 'bin/busybox'));
  await chmod(join(tree, 'bin/busybox'), 0o755);
  await symlink('busybox', join(tree, 'bin/sh')).catch(() => undefined);
}

/** A system of busybox alone, with this inittab. */
async function busyboxTree(folder: string, inittab: string): Promise<string> {
  await withBusybox(folder);
  await symlink('/bin/busybox', join(folder, 'sbin/init'));
  await writeFile(join(folder, 'etc/inittab'), inittab);
  await writeFile(join(folder, 'etc/os-release'), 'PRETTY_NAME="Busybox of a test"\n');
  return folder;
}

/** Writes on everything that might be the channel's line, without end. */
const noise = 'while :; do echo noise; echo noise >/dev/console; echo noise >/dev/ttyS0; busybox usleep 20000; done';

describeHere("a root file system's own init", () => {
  const session = useSession();
  const at = (name: string) => join(session().folder, name);
  const theirs = (rootfs: string) => ['--guest.rootfs', rootfs, '--set', 'guest.init=theirs'];

  async function installed(rootfs: string): Promise<string> {
    const { stdout, exitStatus, stderr } = await session().run(['guest-agent', 'install', rootfs]);
    expect([exitStatus, stderr]).toEqual([0, expect.stringContaining('copying') as string]);
    return stdout.split('  ')[0] ?? '';
  }

  it('that is busybox in an image boots, is measured, and does not reach the channel with its noise', async () => {
    // The second line ends before the agent is started.
    const lines = [
      '::sysinit:/bin/busybox mount -t tmpfs run /run',
      "::sysinit:/bin/sh -c 'echo first noise >/dev/console'",
      `::respawn:/bin/sh -c '${noise}'`,
      '::askfirst:-/bin/sh',
    ];
    const inittab = `${lines.join('\n')}\n`;
    const tree = await busyboxTree(at('tree'), inittab);
    const image = at('own.ext4');
    await makeTreeImage(tree, image, { tree: await readTree(tree, signal), signal });
    const before = await fileSha256(image);
    const copy = await installed(image);
    expect(copy).toBe(at('own-agent.ext4'));
    expect(await session().run([...shortRun, ...theirs(copy)])).toMatchObject({ exitStatus: 0 });
    const { guest, measurements, trialId, configuration } = only((await latestRun(session())).trials);
    expect(configuration.guest).toMatchObject({ rootfs: copy, tools: 'image', init: 'theirs' });
    expect(guest?.rootfs).toMatchObject({ form: 'ext4', system: 'Busybox of a test', init: 'init' });
    expect(measurements[0]?.consoleBytes).toBe(0);
    const [run = ''] = await readdir(session().store).then((names) => names.filter((name) => name.includes('quick')));
    const log = await readFile(join(session().store, run, 'trials', trialId, 'console.log'), 'utf8');
    // Until the agent was up.
    expect(log).toMatch(/^\[ *\d+\.\d+\] first noise$/m);
    expect(await fileSha256(image)).toBe(before);
  });

  it('that never starts the agent fails the trial at the deadline, with the last lines of the console', async () => {
    const tree = await busyboxTree(at('tree'), "::wait:/bin/sh -c 'echo waiting for a disk; busybox sleep 1000'\n");
    const copy = await installed(tree);
    const result = await session().run([...shortRun, ...theirs(copy), '--set', 'bootTimeout=8s']);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', workload: null });
    expect(failure?.message).toContain("the root file system's own init did not start the agent within");
    expect(failure?.consoleTail.join('\n')).toContain('waiting for a disk');
  });

  it('is refused without what it needs, before anything is made', async () => {
    const tree = await busyboxTree(at('tree'), '');
    const copy = await installed(tree);
    const old = await installed(copy);
    await writeFile(join(old, 'usr/lib/tapbench/version'), '0\n');
    await mkdir(at('empty'));
    const refusals: readonly (readonly [words: readonly string[], said: string])[] = [
      [theirs(tree), `guest.init: theirs: ${tree}: it has no agent: tapbench guest-agent install`],
      [theirs(old), 'its agent is of version 0, not 1: tapbench guest-agent install'],
      [['--set', 'guest.init=theirs'], 'guest.init: theirs needs guest.rootfs'],
    ];
    for (const [words, said] of refusals) {
      const result = await session().run([...shortRun, ...words]);
      expect([result.exitStatus, result.stderr]).toEqual([2, expect.stringContaining(said) as string]);
    }
    const nothing = await session().run(['guest-agent', 'install', at('empty')]);
    expect([nothing.exitStatus, nothing.stderr]).toEqual([
      2,
      expect.stringContaining('it has no /sbin/init') as string,
    ]);
    const twice = await session().run(['guest-agent', 'install', tree]);
    expect([twice.exitStatus, twice.stderr]).toEqual([2, expect.stringContaining('it is there already') as string]);
  });
});

describeWithApt("a distribution's own init", () => {
  const session = useSession();
  const at = (name: string) => join(session().folder, name);

  it.each([
    ['systemd', ['systemd-sysv', 'iperf3'], async () => Promise.resolve()],
    [
      'openrc',
      ['openrc', 'iperf3'],
      async (tree: string) => {
        await symlink('/bin/busybox', join(tree, 'sbin/init'));
        await writeFile(join(tree, 'etc/inittab'), '::sysinit:/sbin/openrc sysinit\n::wait:/sbin/openrc default\n');
        await mkdir(join(tree, 'etc/runlevels/default'), { recursive: true });
        await mkdir(join(tree, 'etc/runlevels/sysinit'), { recursive: true });
      },
    ],
  ])('%s boots with its services and runs its own tools', async (name, packages, prepare) => {
    const tree = await treeOf(at('debian'), packages);
    await prepare(tree);
    const copy = at('copy');
    const installed = await session().run(['guest-agent', 'install', tree, '--output', copy]);
    expect([installed.exitStatus, installed.stdout]).toEqual([0, `${copy}  agent: a service of ${name}\n`]);
    const own = ['--guest.rootfs', copy, '--set', 'guest.init=theirs', '--set', 'guest.tools=rootfs'];
    expect(await session().run([...shortRun, ...own])).toMatchObject({ exitStatus: 0 });
    const { guest, bootTime } = only((await latestRun(session())).trials);
    expect(guest?.rootfs).toMatchObject({ form: 'folder', init: name === 'systemd' ? 'systemd' : 'init' });
    expect(guest?.rootfs?.libc).toMatch(/^glibc /);
    expect(bootTime).toBeDefined();
  });
});
