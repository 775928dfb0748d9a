import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { overlaidInitrd } from './support/guest-overlay.ts';
import { useSession } from './support/session.ts';
import { failedTwice, latestRun, shortRun } from './support/stored-run.ts';

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a guest that wants to take the host down', () => {
  const session = useSession();

  it.each([
    {
      how: 'printing far more than its tool can',
      scripts: { 'bin/iperf3': 'busybox head -c 30000000 /dev/zero' },
      said: 'out of the guest has 30000000 bytes, and at most',
    },
    {
      how: 'beginning a reply without end',
      scripts: {
        'bin/iperf3': String.raw`printf '\036R 9 0 gzip 4\n' >/dev/ttyS0; busybox yes >/dev/ttyS0`,
      },
      said: 'the guest began a reply that does not end',
    },
  ])('by $how loses its trial, and nothing else', async ({ scripts, said }) => {
    const initrd = await overlaidInitrd(session().folder, scripts);
    const result = await session().run([...shortRun, '--guest.initrd', initrd]);
    expect(result.exitStatus).toBe(4);
    const { failure } = failedTwice(await latestRun(session()));
    expect(failure).toMatchObject({ code: 'CHANNEL_FAILED', workload: 'iperf3' });
    expect(failure?.message).toContain(said);
  });
});
