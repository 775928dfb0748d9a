import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { requireOrSkip } from './requirement.ts';
import { overlaidInitrd } from './support/guest-overlay.ts';
import { type Session, useSession } from './support/session.ts';
import { failedTwice, latestRun, shortRun } from './support/stored-run.ts';

/** Servers are started through ip(8): one that puts something else in the server's place. */
async function fakeServer(session: Session, command: string, script: string): Promise<void> {
  const ip = (await findExecutable('ip')) ?? 'ip';
  await session.fake('ip', `case "$*" in *' ${command} '*) ${script} ;; esac\nexec ${ip} "$@"`);
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a run whose tool fails', () => {
  const session = useSession();

  it('at the start of the server says what the server said', async () => {
    await fakeServer(session(), 'iperf3 -s', 'echo "unable to start listener" >&2; exit 1');
    const result = await session().run(shortRun);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'TOOL_FAILED', workload: 'iperf3' });
    expect(failure?.message).toContain('ended with status 1: unable to start listener');
  });

  it('as the server never listens is given up after ten seconds', async () => {
    await fakeServer(session(), 'sockperf server', 'exec sleep 100');
    const words = ['run', 'quick', '--duration', '1s', '--workload', 'sockperf', '--trace', 'off'];
    expect((await session().run(words)).exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'TOOL_FAILED', workload: 'sockperf' });
    expect(failure?.message).toContain('does not listen on udp port 11111');
  });

  it('by printing half a document keeps the half', async () => {
    const half = '{ "start": { "connected": [';
    const initrd = await overlaidInitrd(session().folder, { 'bin/iperf3': `printf '%s' '${half}'` });
    expect((await session().run([...shortRun, '--guest.initrd', initrd])).exitStatus).toBe(4);
    const run = await latestRun(session());
    const { trialId, failure } = failedTwice(run);
    expect(failure).toMatchObject({ code: 'PARSE_FAILED', workload: 'iperf3' });
    const folder = join(session().store, run.runId, 'trials', trialId);
    expect(await readFile(join(folder, 'iperf3/client.stdout'), 'utf8')).toBe(half);
  });
});
