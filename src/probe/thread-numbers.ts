import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { StartedProcess } from '../lab/process.ts';
import { waitFor } from '../lab/wait.ts';
import { TapbenchError } from '../record/error.ts';
import { type AttachLimits, startBpftrace } from './bpftrace.ts';
import { NumberBook } from './number-book.ts';
import { traceFailure } from './trace-failure.ts';

/** What a script of bpftrace calls the current process and thread. */
export interface ScriptWords {
  readonly process: string;
  readonly thread: string;
}

/** The builtins of bpftrace, which read the numbers of the kernel's first pid namespace, where we are in it. */
export const builtinWords: ScriptWords = { process: 'pid', thread: 'tid' };

/**
 * Read from the kernel's own structure (it needs BTF). bpftrace 0.23 and newer have builtins that number as our own namespace does, and complain of
 * every call of a process outside of it.
 */
const structureWords: ScriptWords = { process: 'curtask->tgid', thread: 'curtask->pid' };

/** How the kernel's first pid namespace, as which events and BPF programs see threads, numbers those that we know by other numbers. */
export interface ThreadNumbers extends AsyncDisposable {
  readonly words: ScriptWords;
  /** Finds the numbers of threads that are not known yet; without those that have ended. @throws TapbenchError `PROBE_FAILED` */
  learn(tids: readonly number[]): Promise<void>;
  outer(tid: number): number;
  inner(outer: number): number;
}

/** Where we are in the first pid namespace ourselves. */
const sameNumbers: ThreadNumbers = {
  words: builtinWords,
  learn: () => Promise.resolve(),
  outer: (tid) => tid,
  inner: (outer) => outer,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** What /proc/self/ns/pid is in the first pid namespace (PROC_PID_INIT_INO of linux/proc_ns.h). */
const firstNamespace = 'pid:[4026531836]';

const attachedMark = 'tapbench: attached';
/**
 * A write to /proc/TID/oom_score_adj makes an event that has the thread's number in the first namespace, also where the value stays as it is
 * (__set_oom_adj in fs/proc/base.c). Beside it who wrote, by the builtin, and by name.
 */
const script = `tracepoint:oom:oom_score_adj_update { printf("tapbench: number %d %d %s\\n", args->pid, pid, comm); }
BEGIN { printf("${attachedMark}\\n"); }
`;
const answerDeadlineMs = 5_000;

interface Answer {
  readonly outer: number;
  /** Number of the writer, as the builtin `pid` gives it. */
  readonly writer: number;
}

/** Asks the kernel, through a bpftrace of its own that has nothing to do meanwhile. */
class TranslatedNumbers implements ThreadNumbers {
  readonly #process: StartedProcess;
  readonly #book = new NumberBook();
  readonly #ourName = readFileSync('/proc/thread-self/comm', 'utf8').trim();
  readonly #answers: Answer[] = [];
  #isAttached = false;
  #ourself: Answer | null = null;

  constructor(tracer: StartedProcess) {
    this.#process = tracer;
    if (tracer.stdout === null) throw new TapbenchError('PROBE_FAILED', 'bpftrace was started without a pipe');
    createInterface({ input: tracer.stdout }).on('line', (line) => {
      if (line === attachedMark) this.#isAttached = true;
      const [, outer, writer, name] = /^tapbench: number (\d+) (\d+) (.*)$/.exec(line) ?? [];
      if (name === this.#ourName) this.#answers.push({ outer: Number(outer), writer: Number(writer) });
    });
  }

  get words(): ScriptWords {
    return this.#ourself?.writer === process.pid ? structureWords : builtinWords;
  }

  async attach(deadlineMs: number): Promise<void> {
    const isAttached = await waitFor(() => (this.#isAttached || this.#process.hasEnded ? true : null), {
      deadlineMs,
      intervalMs: 5,
    });
    if (isAttached === null) throw traceFailure(`did not attach within ${String(deadlineMs)} ms`, this.#process);
    if (this.#process.hasEnded) throw traceFailure('ended before it could attach', this.#process);
    // Others may write for themselves at any time: the writer of an answer must be us.
    this.#ourself = await this.#ask(process.pid, ({ outer, writer }) => writer === outer || writer === process.pid);
  }

  async learn(tids: readonly number[]): Promise<void> {
    for (const tid of tids.filter((one) => !this.#book.has(one))) {
      await this.#ask(tid, ({ writer }) => writer === this.#ourself?.writer);
    }
  }

  async #ask(tid: number, isOurs: (answer: Answer) => boolean): Promise<Answer | null> {
    this.#answers.length = 0;
    try {
      const file = `/proc/${String(tid)}/oom_score_adj`;
      writeFileSync(file, readFileSync(file, 'utf8'));
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null;
      if (code === 'ENOENT' || code === 'ESRCH') return null;
      throw new TapbenchError(
        'PROBE_FAILED',
        `thread ${String(tid)} can't be found from outside of this pid namespace`,
        {
          cause,
        },
      );
    }
    const answer = await waitFor(() => this.#answers.find(isOurs) ?? null, {
      deadlineMs: answerDeadlineMs,
      intervalMs: 1,
    });
    if (answer === null) throw traceFailure(`did not see thread ${String(tid)}`, this.#process);
    this.#book.note(tid, answer.outer);
    return answer;
  }

  outer(tid: number): number {
    return this.#book.outer(tid);
  }

  inner(outer: number): number {
    return this.#book.inner(outer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}

/** In a container, whose processes have other numbers outside of it, a bpftrace that asks for them. @throws TapbenchError `PROBE_FAILED` */
export async function threadNumbers({ deadlineMs, killedBy }: AttachLimits): Promise<ThreadNumbers> {
  if (readlinkSync('/proc/self/ns/pid') === firstNamespace) return sameNumbers;
  const numbers = new TranslatedNumbers(await startBpftrace(['-e', script], { stdout: 'pipe', killedBy }));
  try {
    await numbers.attach(deadlineMs);
    return numbers;
  } catch (error) {
    await numbers[Symbol.asyncDispose]();
    throw error;
  }
}
