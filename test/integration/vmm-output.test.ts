import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findExecutable } from '../../src/lab/executable.ts';
import { requireOrSkip } from './requirement.ts';
import { progressOf, type Session, traffic, useSession } from './support/session.ts';
import { latestRun, measurementOf, only } from './support/stored-run.ts';

const failed = 'qemu-system-x86_64: virtio-net: failed to read tap';

/**
 * Puts a QEMU into PATH that says something before its guest boots, and, each time the test asks, something more on the same stderr. What says it
 * is a child of QEMU's, which ends with the namespace of the trial.
 */
async function talkingQemu(session: Session): Promise<{ say: () => Promise<void> }> {
  const real = await findExecutable('qemu-system-x86_64');
  const cue = join(session.folder, 'cue');
  const lines = [`echo '${failed}' >&2`, "echo 'qemu-system-x86_64: warning: nothing bad' >&2"];
  await session.fake(
    'qemu-system-x86_64',
    [
      `[ "$1" != --version ] || exec '${real ?? ''}' --version`,
      "echo 'qemu-system-x86_64: said before any window' >&2",
      `{ until [ -e '${cue}' ]; do sleep 0.05; done; ${lines.join('; ')}; } &`,
      `exec '${real ?? ''}' "$@"`,
    ].join('\n'),
  );
  return {
    say: async () => {
      await writeFile(cue, '');
    },
  };
}

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a VMM that writes an error', () => {
  const session = useSession();

  it('in the middle of a window has that window doubted, and no other', async () => {
    const { say } = await talkingQemu(session());
    const command = await session().start(['run', 'quick', '--duration', '2s', '--trace', 'off']);
    await progressOf(command, /^ok +boot /m);
    await traffic(session());
    await say();
    expect(await command.ended).toMatchObject({ exitStatus: 0 });
    const run = await latestRun(session());
    const trial = only(run.trials);
    const bulk = measurementOf(trial, 'iperf3');
    expect(bulk.vmmErrors).toEqual({ count: 1, lines: [failed] });
    expect(bulk.findings).toContainEqual({
      level: 'doubt',
      audit: 'vmm-output',
      message: `the VMM wrote a line of errors in the measured window: ${failed}`,
      concerns: ['all'],
    });
    const small = measurementOf(trial, 'sockperf');
    expect(small.vmmErrors).toEqual({ count: 0, lines: [] });
    expect(small.findings.map(({ audit }) => audit)).not.toContain('vmm-output');
    const stderr = await readFile(join(session().store, run.runId, 'trials', trial.trialId, 'vmm.stderr'), 'utf8');
    expect(stderr.split('\n').slice(0, 2)).toEqual(['qemu-system-x86_64: said before any window', failed]);
  });
});
