import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { condition, useSession } from '../integration/support/session.ts';

describe('a wrong command line', () => {
  const session = useSession();

  it.each([
    { words: ['run', '--durations', '1s'], said: /--durations.*\n?.*--duration/s },
    { words: ['rum'], said: /rum.*\n?.*run/s },
    { words: ['run', 'quik'], said: /quik.*quick/s },
    { words: ['run', 'quick', '--set', 'vmm.vcpu=2'], said: /--set vmm\.vcpu=2.*vcpus/s },
    { words: ['run', 'quick', '--set', 'vmm.vcpus=two'], said: /--set vmm\.vcpus=two/ },
    { words: ['run', 'quick', '--duration', '1.5s'], said: /whole seconds/ },
    { words: ['run', 'quick', '--workload', 'iperf'], said: /iperf.*iperf3/s },
    { words: ['run', 'quick', '--resume', 'latest'], said: /--resume/ },
    { words: ['run', '--resume', 'latest', '--boots', '3'], said: /--boots can't change it/ },
    { words: ['run', '--resume', 'latest', '--trace-timing'], said: /--trace-timing can't change it/ },
    { words: ['ab', '--gate', 'nope:latency.p99<=+5%'], said: /no workload "nope".*\n.*iperf3, sockperf/ },
    { words: ['show', 'latest'], said: /no run|latest/ },
    { words: ['run', '--resume', 'nothing-like-it'], said: /nothing-like-it/ },
    { words: ['trace', 'me'], said: /"me" is no process id/ },
    { words: ['completion', 'tcsh'], said: /tcsh/ },
  ])('$words is explained, and exits 2', async ({ words, said }) => {
    const result = await session().run(words);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toMatch(said);
    // For people: no stack.
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it('names file, line, column and the nearest word of a mistake in a file', async () => {
    const file = join(session().folder, 'mine.yaml');
    await writeFile(file, 'name: mine\nvmm:\n  vcpus: 1\n  memry: 1G\n');
    const result = await session().run(['run', file]);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toContain('mine.yaml:4:3');
    expect(result.stderr).toContain('memory');
  });

  it('names file, line and column where a file is no YAML', async () => {
    const file = join(session().folder, 'mine.yaml');
    await writeFile(file, 'name: mine\nvmm: [1, 2\n');
    const result = await session().run(['run', file]);
    expect(result).toMatchObject({ exitStatus: 2, stdout: '' });
    expect(result.stderr).toMatch(/mine\.yaml:\d+:\d+/);
  });

  it('is told from a question: --help goes to stdout and exits 0', async () => {
    for (const words of [['--help'], ['run', '--help'], ['image', 'build', '--help']]) {
      const result = await session().run(words);
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' });
      expect(result.stdout).toContain('Usage: tapbench');
    }
  });
});

/** Whether a process takes SIGHUP itself: the first bit of what it catches (proc_pid_status(5)). */
async function catchesHangup(pid: number): Promise<boolean> {
  const caught = /^SigCgt:\s+(\w+)/m.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & 1n) === 1n;
}

describe('a command that has nothing to take down', () => {
  const session = useSession();

  it('exits 130 by a signal, also before it has begun', async () => {
    const command = await session().start(['list']);
    await condition('its first lines', async () => ((await catchesHangup(command.pid)) ? true : null));
    command.signal('SIGHUP');
    expect((await command.ended).exitStatus).toBe(130);
  });
});
