import type { StartedProcess } from '../lab/process.ts';
import { type AttachLimits, startBpftrace } from './bpftrace.ts';
import { attachedMark } from './system-calls/script.ts';
import { type ThreadNumbers, threadNumbers } from './thread-numbers.ts';
import { traceFailure } from './trace-failure.ts';

/** The calls that such scripts name, each with a tracepoint of its own. */
const tracedCalls = ['read', 'write', 'readv', 'writev'];

/**
 * The kind of bpftrace script that lab notes are made with: calls of one process by thread name and probe, a table a second and the totals at the
 * end. It is here to be measured against, not to measure with: it counts only what it names, and keys its maps by text.
 */
function labNoteScript(pid: number, { words }: ThreadNumbers): string {
  const probes = tracedCalls.map((name) => `tracepoint:syscalls:sys_enter_${name}`).join(', ');
  return `${probes} /${words.process} == ${String(pid)}/ { @interval[comm, probe] = count(); @total[comm, probe] = count(); }
interval:s:1 { print(@interval); clear(@interval); }
BEGIN { printf("${attachedMark}\\n"); }
`;
}

/** Runs the script until it is stopped, and keeps what it prints. */
export class LabNoteTracer implements AsyncDisposable {
  readonly #process: StartedProcess;
  readonly #attached = Promise.withResolvers<boolean>();
  #output = '';

  private constructor(started: StartedProcess) {
    this.#process = started;
    started.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      // bpftrace reads events, its own of BEGIN too, only once all is attached.
      if (this.#output.includes(attachedMark)) this.#attached.resolve(true);
    });
    void started.ended.then(() => {
      this.#attached.resolve(false);
    });
  }

  /**
   * Starts bpftrace and waits until every probe is attached.
   * @throws TapbenchError `PROBE_FAILED`
   */
  static async start(options: AttachLimits & { readonly pid: number }): Promise<LabNoteTracer> {
    await using numbers = await threadNumbers(options);
    await numbers.learn([options.pid]);
    const script = labNoteScript(numbers.outer(options.pid), numbers);
    const started = await startBpftrace(['-e', script], { stdout: 'pipe', killedBy: options.killedBy });
    const tracer = new LabNoteTracer(started);
    const late = setTimeout(() => {
      tracer.#attached.resolve(false);
    }, options.deadlineMs);
    const isAttached = await tracer.#attached.promise;
    clearTimeout(late);
    if (isAttached) return tracer;
    await started.stop();
    throw traceFailure('did not attach the script of a lab note', started);
  }

  /** Of bpftrace itself, so that its CPU time can be told. */
  get tracerPid(): number {
    return this.#process.pid;
  }

  /** Ends it; gives everything it printed, the totals last. */
  async finish(): Promise<string> {
    await this.#process.stop();
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}
