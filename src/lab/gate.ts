import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { TapbenchError } from '../record/error.ts';
import { monotonicNs } from './clock.ts';
import { makeFifo } from './fifo.ts';
import { firstFile } from './process.ts';
import { waitFor } from './wait.ts';

const deadlineMs = 10_000;
const pollMs = 2;

/** What waits. Not the shell of busybox, which takes its own applets for programs. */
const waiting = `read -r _ <&${String(firstFile)}; exec "$@" ${String(firstFile)}<&-`;

const words = ['sh', '-c', waiting, 'gate'];

/** Blocked (proc_pid_stat(5), state): in `read`, as it does nothing else for that. */
function isWaiting(pid: number): boolean {
  const of = (file: string): string => readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  try {
    return of('cmdline').startsWith(`${words.join('\0')}\0`) && /\) S /.test(of('stat'));
  } catch {
    return false;
  }
}

/** Holds back processes that were started one after another, and lets all of them go at one moment. */
export class Gate implements Disposable {
  /** For `StartOptions.files`, as the only one. */
  readonly descriptor: number;
  #writeEnd: number | null;
  #openedNs = 0;

  private constructor(path: string) {
    // For both ways, as it would wait for a reader else. The readers have no end to write to, so that they see the end of the file when it is closed.
    this.#writeEnd = openSync(path, 'r+');
    this.descriptor = openSync(path, 'r');
  }

  /** @param path of a pipe that is there no longer than this takes */
  static async create(path: string): Promise<Gate> {
    await makeFifo(path);
    try {
      return new Gate(path);
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** The command line of a process that waits before it becomes `argv`. */
  behind(argv: readonly string[]): string[] {
    return [...words, ...argv];
  }

  /** Settles when all of them wait. @throws TapbenchError `LAB_FAILED` where one does not come to it */
  async reached(pids: readonly number[]): Promise<void> {
    const isThere = await waitFor(() => (pids.every(isWaiting) ? true : null), { deadlineMs, intervalMs: pollMs });
    if (isThere !== null) return;
    throw new TapbenchError('LAB_FAILED', `a process did not come to its gate within ${String(deadlineMs)} ms`);
  }

  /** Lets them go, once; when that was, CLOCK_MONOTONIC ns. */
  open(): number {
    if (this.#writeEnd === null) return this.#openedNs;
    this.#openedNs = monotonicNs();
    closeSync(this.#writeEnd);
    this.#writeEnd = null;
    return this.#openedNs;
  }

  [Symbol.dispose](): void {
    this.open();
    closeSync(this.descriptor);
  }
}
