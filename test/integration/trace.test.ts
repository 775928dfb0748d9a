import { afterEach, expect, it, vi } from 'vitest';
import { TapbenchError } from '../../src/record/error.ts';
import { traceProcess } from '../../src/run/trace-process.ts';
import { requireOrSkip } from './requirement.ts';
import { realNumbers } from './support/real-bpftrace.ts';
import { type Session, useSession } from './support/session.ts';

/** What a command may need at most to give up a tracer; its deadline for attaching is 30 s. */
const promptMs = 5_000;

/** Puts a bpftrace into PATH that runs these lines of shell in place of tracing. */
async function fakeTracer(session: Session, script: string): Promise<void> {
  await session.fake('bpftrace', `[ "$1" != --version ] || exec echo bpftrace v9.9\n${await realNumbers()}\n${script}`);
}

const describeHere = await requireOrSkip('root', 'bpf');

describeHere('a trace', () => {
  const session = useSession();
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('with a tracer that prints no maps says so, exits 3 and never attaches', async () => {
    const attached = `{"type": "printf", "data": "tapbench: attached\\n"}`;
    await fakeTracer(session(), `trap '' URG; printf '%s\\n' '${attached}'; while :; do sleep 60 & wait $!; done`);
    const { exitStatus, stdout, stderr } = await session().run(['trace', String(process.pid)]);
    expect({ exitStatus, stdout }).toEqual({ exitStatus: 3, stdout: '' });
    expect(stderr).toMatch(/^tapbench: system calls can't be traced here: .* did not dump its maps within \d+ ms$/m);
    expect(stderr).not.toContain('tracing process');
  });

  it('that is interrupted while the tracer attaches ends at once', async () => {
    await fakeTracer(session(), 'exec sleep 600');
    vi.stubEnv('PATH', `${session().folder}/bin:${process.env['PATH'] ?? ''}`);
    const controller = new AbortController();
    const startMs = performance.now();
    const trace = traceProcess({
      pid: process.pid,
      isTimed: false,
      durationNs: null,
      intervalNs: null,
      signal: controller.signal,
      onAttached: () => {
        expect.fail('attached to nothing');
      },
      onInterval: () => Promise.resolve(),
    });
    setTimeout(() => {
      controller.abort(new TapbenchError('INTERRUPTED', 'interrupted'));
    }, 300);
    await expect(trace).rejects.toThrow('interrupted');
    expect(performance.now() - startMs).toBeLessThan(promptMs);
  });
});

const describeLab = await requireOrSkip('root', 'bpf', 'tap', 'image');

describeLab('Ctrl-C while a tracer that hangs is tried', () => {
  const session = useSession();

  it.each([{ words: ['trace', '1'] }, { words: ['doctor', '--no-score'] }, { words: ['run', 'quick'] }])(
    'ends $words at once, with status 130',
    async ({ words }) => {
      await fakeTracer(session(), 'exec sleep 600');
      const command = await session().start(words);
      await session().process('sleep');
      const startMs = performance.now();
      command.signal('SIGINT');
      const { exitStatus, stderr } = await command.ended;
      expect(performance.now() - startMs).toBeLessThan(promptMs);
      expect({ exitStatus, stderr }).toMatchObject({
        exitStatus: 130,
        stderr: expect.stringContaining('interrupted by SIGINT') as string,
      });
      expect(await session().leaks()).toEqual([]);
    },
  );
});
