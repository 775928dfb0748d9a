import { hash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { attachDeadlineMs } from '../host/attach-deadline.ts';
import { cacheFolder } from '../host/folders.ts';
import { VerdictMemory } from '../host/verdict-memory.ts';
import { type StartedProcess, start } from '../lab/process.ts';
import { type OnProgress, step } from '../lab/progress.ts';
import { systemCallScript } from '../probe/system-calls/script.ts';
import { SystemCallTracer } from '../probe/system-calls/system-calls.ts';
import { builtinWords } from '../probe/thread-numbers.ts';
import { TapbenchError } from '../record/error.ts';
import { errorsInOrder } from '../record/first-error.ts';
import type { HostFacts, ProgramFacts } from '../record/host.ts';

/** Whether system calls can be counted on this host, found by counting some. */
export type TracingVerdict = HostFacts['tracing'];

const usualNs = 1e9;
/** Writes of the test process that are to be counted. */
const knownCalls = 50;

/** Answers each line with one write. The shell's own commands: what cat(1) calls for a line differs from system to system. */
const answering = 'while read -r line; do echo "$line"; done';

/** Has the process make `count` writes. */
async function makeWrites(child: StartedProcess, answers: AsyncIterator<string>, count: number): Promise<void> {
  child.stdin?.write('x\n'.repeat(count));
  for (let done = 0; done < count; done++) {
    const { done: hasEnded } = await answers.next();
    if (hasEnded === true) throw new TapbenchError('PROBE_FAILED', 'the test process ended');
  }
}

/** Traces a process of ours as a window would be traced. @throws TapbenchError `PROBE_FAILED` where its calls are not counted */
async function countKnownCalls({ isTimed, signal }: TracingTrial): Promise<void> {
  await using child = await start(['sh', '-c', answering], { stdin: 'pipe', stdout: 'pipe' });
  if (child.stdout === null) throw new TapbenchError('PROBE_FAILED', 'the test process has no output');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await makeWrites(child, answers, 1);
  await using tracer = await SystemCallTracer.start({
    pids: [child.pid],
    isTimed,
    deadlineMs: attachDeadlineMs(),
    killedBy: signal,
  });
  const opening = await tracer.snapshot();
  await makeWrites(child, answers, knownCalls);
  const { threads } = tracer.difference(opening, await tracer.snapshot());
  const calls = threads.flatMap((thread) => thread.calls).filter(({ name }) => name === 'write');
  const counted = calls.reduce((sum, { count }) => sum + count, 0);
  if (counted === knownCalls) return;
  throw new TapbenchError('PROBE_FAILED', `bpftrace counted ${String(counted)} of ${String(knownCalls)} known calls`);
}

/** What a good verdict is of: the tracer, our script, and what this process may do. */
function keyOf(bpftrace: ProgramFacts, isTimed: boolean): string {
  const script = systemCallScript({ words: builtinWords, pids: [1], asker: 1, tids: [1], isTimed });
  const capabilities = /^CapEff:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
  return hash('sha256', [bpftrace.sha256, readlinkSync('/proc/self/ns/pid'), capabilities, script].join('\n'));
}

export interface TracingTrial {
  /** null: not installed. */
  readonly bpftrace: ProgramFacts | null;
  readonly isTimed: boolean;
  /** Take a good verdict from memory, where there is one. */
  readonly canRecall: boolean;
  /** Ends the trial at once: a tracer that hangs would be waited for until its deadline. */
  readonly signal?: AbortSignal;
}

/**
 * Whoever wants to know whether this host can trace asks here. Only a good verdict is remembered: what hinders may be mended at any time.
 * @throws the reason of `signal`, and nothing else
 */
export async function tracingVerdict(
  trial: TracingTrial,
  onProgress: OnProgress = () => undefined,
): Promise<TracingVerdict> {
  const { bpftrace, isTimed, canRecall } = trial;
  if (process.getuid?.() !== 0) return { isUsable: false, reason: 'tracing needs root' };
  if (bpftrace === null) return { isUsable: false, reason: 'bpftrace is not installed' };
  const memory = new VerdictMemory(cacheFolder(), 'tracing');
  const key = keyOf(bpftrace, isTimed);
  const known = canRecall ? memory.recall(key) : null;
  if (known !== null) return known;
  const text = 'try the tracer (once until the host reboots)';
  try {
    await step(onProgress, { text, expectedNs: usualNs }, async () => {
      await countKnownCalls(trial);
    });
  } catch (error) {
    trial.signal?.throwIfAborted();
    const [reason] = errorsInOrder(error);
    return { isUsable: false, reason: reason instanceof Error ? reason.message : String(reason) };
  }
  const verdict = { isUsable: true, reason: `bpftrace ${bpftrace.version} counted ${String(knownCalls)} known calls` };
  memory.remember(key, verdict);
  return verdict;
}

/** @throws TapbenchError `HOST_INCAPABLE` with the reason where this host can't trace, else as `tracingVerdict` */
export async function demandTracing(trial: TracingTrial, onProgress: OnProgress): Promise<void> {
  const { isUsable, reason } = await tracingVerdict(trial, onProgress);
  if (isUsable) return;
  throw new TapbenchError('HOST_INCAPABLE', `system calls can't be traced here: ${reason}`, {
    hint: process.getuid?.() === 0 ? 'tapbench doctor says what this machine lacks for tracing' : 'run it as root',
  });
}
