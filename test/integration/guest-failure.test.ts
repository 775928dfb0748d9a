import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { overlaidInitrd } from './support/guest-overlay.ts';
import { progressOf, traffic, useSession } from './support/session.ts';
import { failedTwice, latestRun, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

/** What a guest that says nothing is given to boot (`bootTimeout`): a run that boots twice takes less where both guests are heard. */
const silentBootNs = 60e9;

describeHere('a run whose guest fails', () => {
  const session = useSession();

  it('by a panic at boot keeps the console that says so, and exits 4', async () => {
    const result = await session().run([...shortRun, '--set', 'guest.kernelArguments=rdinit=/nonexistent']);
    expect(result.exitStatus).toBe(4);
    expect(result.stderr).toMatch(/^note +trial 001-default-b1 failed: the guest panicked/m);
    const { status, failure, measurements } = failedTwice(await latestRun(session()));
    expect({ status, measurements }).toEqual({ status: 'failed', measurements: [] });
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', workload: null });
    expect(failure?.consoleTail.join('\n')).toContain('Kernel panic');
  });

  it('by giving up in its init is heard at once, with the reason', async () => {
    const result = await session().run([...shortRun, '--set', 'guest.kernelArguments=tapbench.mtu=1']);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', workload: null });
    expect(failure?.message).toContain("the guest's init gave up: eth0 refuses tapbench.mtu=1: ip:");
    expect(result.durationNs).toBeLessThan(silentBootNs);
  });

  it('by halting at boot is heard at once', async () => {
    const initrd = await overlaidInitrd(session().folder, { init: 'exec /bin/busybox halt -f' });
    const result = await session().run([...shortRun, '--guest.initrd', initrd]);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', workload: null });
    expect(failure?.message).toContain('the guest halted');
    expect(result.durationNs).toBeLessThan(silentBootNs);
  });

  it('by hanging at boot is given up after the boot timeout', async () => {
    const initrd = await overlaidInitrd(session().folder, { init: 'exec /bin/busybox sleep 1000' });
    const words = [...shortRun, '--guest.initrd', initrd, '--set', 'bootTimeout=3s'];
    const result = await session().run(words);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'GUEST_FAILED', consoleTail: [] });
    expect(failure?.message).toContain('did not say that it is ready within 3000 ms');
  });

  it.each([
    { how: 'panicking', script: 'echo c >/proc/sysrq-trigger', code: 'GUEST_FAILED', said: 'Kernel panic' },
    {
      how: 'powering off',
      script: 'echo "power cut" >/dev/ttyS0; poweroff -f',
      code: 'GUEST_FAILED',
      said: 'power cut',
    },
  ])('by $how inside a window ends the trial at once', async ({ script, code, said }) => {
    const initrd = await overlaidInitrd(session().folder, { 'bin/iperf3': script });
    const result = await session().run([...shortRun, '--guest.initrd', initrd]);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code, workload: 'iperf3' });
    expect(failure?.consoleTail.join('\n')).toContain(said);
    // Far below the 30 s that a silent client is given.
    expect(result.durationNs).toBeLessThan(20e9);
  });

  it('by the end of its VMM loses one trial, repeats it at the end of its block, and goes on with the next', async () => {
    const command = await session().start([...shortRun, '--boots', '2']);
    await progressOf(command, /^ok +boot 001/m);
    const vmm = await traffic(session());
    process.kill(vmm.pid, 'SIGKILL');
    expect(await command.ended).toMatchObject({ exitStatus: 0 });
    const { status, trials } = await latestRun(session());
    expect(status).toBe('done');
    expect(trials.map(({ trialId, repeats, failure }) => [trialId, repeats, failure?.code ?? null])).toEqual([
      ['001-default-b1', null, 'VMM_FAILED'],
      ['001-default-b1.2', '001-default-b1', null],
      ['002-default-b2', null, null],
    ]);
    expect(trials[0]?.failure?.message).toContain('SIGKILL');
  });
});
