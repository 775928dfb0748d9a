import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import { monotonicNs } from './clock.ts';
import { endHeldOutput } from './held-output.ts';
import { readUntrusted } from './untrusted-file.ts';

/** How a process ended and what it printed. An error carries the same shape. */
export interface ProcessResult {
  readonly argv: readonly string[];
  /** null for a process that a signal ended. */
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationNs: number;
  readonly isTimedOut: boolean;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** `pipe`: the caller reads `stdout` itself and `ended.stdout` is empty; `collect` (default): kept as text. */
  readonly stdout?: 'collect' | 'pipe';
  /** A number: an open file that becomes its stdin. */
  readonly stdin?: 'ignore' | 'pipe' | number;
  /** Open files that it has as descriptors from 3 on (`firstFile`). */
  readonly files?: readonly number[];
  /** Kept characters of each collected stream; the rest is dropped from the front. Default 64 MiB. */
  readonly collectLimit?: number;
  /**
   * The process dies with us even if we are killed (PR_SET_PDEATHSIG, through setpriv(1)), at whatever moment. Default true.
   * False only for what must outlive us.
   */
  readonly diesWithUs?: boolean;
  /**
   * `own` (default): a session and a process group of its own, so that a signal reaches what it starts, too.
   * `ours`: tapbench's own session, for what takes part in a measurement. With autogroup (sched(7)) the kernel weighs sessions against each
   * other, not processes: a VMM and a server of one session each are scheduled otherwise than those that somebody starts from one shell.
   */
  readonly session?: 'own' | 'ours';
  /** Path of a file that takes its stderr, appended, without a copy through us; absent: it is collected. */
  readonly stderrFile?: string;
  /** What it started in its own group and left behind is killed when it ends. Default false. */
  readonly endsGroup?: boolean;
  /** Once this aborts the process is killed at once, with its group; one that starts later, too. */
  readonly killedBy?: AbortSignal | undefined;
}

export interface StartedProcess {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Settles once, when the process and its output ended. What it started may hold that open: it is waited for some seconds. Never rejects. */
  readonly ended: Promise<ProcessResult>;
  readonly hasEnded: boolean;
  /** What it printed on stderr so far. */
  stderrSoFar(): string;
  /** Signals its whole process group, or the process alone where it is in our session; false when it is gone. */
  signal(name: NodeJS.Signals): boolean;
  /** What asks it to end (SIGTERM) to the group, SIGKILL after the grace; resolves when it is gone. */
  stop(graceMs?: number, asks?: 'SIGTERM' | 'SIGINT'): Promise<ProcessResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Descriptor of the first of `StartOptions.files`: after stdin, stdout and stderr. */
export const firstFile = 3;

/** Shorter pieces are put together. */
const chunkLength = 4_096;
const defaultCollectLimit = 64 * 1024 * 1024;
/** What a well-behaved process needs at most to end after SIGTERM. */
const defaultGraceMs = 2_000;

/** Collects a stream as text, dropping from the front what is over the limit. */
function collector(stream: Readable | null, limit: number): () => string {
  const chunks: string[] = [];
  let length = 0;
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const last = chunks.at(-1) ?? '';
    // A byte at a time must not take memory for a string each.
    if (chunks.length > 0 && last.length < chunkLength) chunks[chunks.length - 1] = last + chunk;
    else chunks.push(chunk);
    length += chunk.length;
    while (length > limit && chunks.length > 1) length -= chunks.shift()?.length ?? 0;
  });
  return () => chunks.join('');
}

/**
 * Asks the kernel for the signal, then looks whether we are still the parent: where we were killed before it asked, no signal would ever come
 * (prctl(2), PR_SET_PDEATHSIG).
 */
function dyingWithUs(argv: readonly string[]): string[] {
  const stillOurs = '[ "$PPID" = "$1" ] && shift && exec "$@"';
  const checking = ['/bin/sh', '-c', stillOurs, 'tapbench', String(process.pid)];
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...checking, ...argv];
}

function spawnGroup(argv: readonly string[], options: StartOptions): ChildProcess {
  if (argv.length === 0) throw new TapbenchError('PROCESS_FAILED', 'an empty command');
  const [file = '', ...args] = (options.diesWithUs ?? true) ? dyingWithUs(argv) : argv;
  const stderr = options.stderrFile === undefined ? null : openSync(options.stderrFile, 'a');
  try {
    return spawn(file, args, {
      cwd: options.cwd,
      env: options.env === undefined ? process.env : { ...process.env, ...options.env },
      detached: options.session !== 'ours',
      stdio: [options.stdin ?? 'ignore', 'pipe', stderr ?? 'pipe', ...(options.files ?? [])],
    });
  } finally {
    if (stderr !== null) closeSync(stderr);
  }
}

/** Nothing where it is gone. */
function endOf(path: string, limit: number): string {
  try {
    return readUntrusted(path, limit, 'end');
  } catch {
    return '';
  }
}

/** Those of a group whose first process has ended; the group keeps its number as long as there are any. */
function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It left none.
  }
}

class Started implements StartedProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessResult>;
  hasEnded = false;
  isTimedOut = false;
  readonly #child: ChildProcess;
  /** What kill(2) is given: a group is a negative number. */
  readonly #target: number;
  readonly #stderr: () => string;
  readonly argv: readonly string[];

  constructor(argv: readonly string[], child: ChildProcess, options: StartOptions) {
    this.argv = argv;
    this.#child = child;
    this.pid = child.pid ?? -1;
    this.#target = options.session === 'ours' ? this.pid : -this.pid;
    const startedNs = monotonicNs();
    const limit = options.collectLimit ?? defaultCollectLimit;
    const stdout = options.stdout === 'pipe' ? () => '' : collector(child.stdout, limit);
    const { killedBy, stderrFile } = options;
    this.#stderr = stderrFile === undefined ? collector(child.stderr, limit) : () => endOf(stderrFile, limit);
    const kill = (): void => {
      this.signal('SIGKILL');
    };
    if (options.endsGroup === true && options.session !== 'ours')
      child.once('exit', () => {
        endGroup(this.pid);
      });
    killedBy?.addEventListener('abort', kill);
    if (killedBy?.aborted === true) kill();
    endHeldOutput(child);
    this.ended = new Promise((resolve) => {
      child.once('close', (exitStatus, signal) => {
        killedBy?.removeEventListener('abort', kill);
        this.hasEnded = true;
        const durationNs = monotonicNs() - startedNs;
        resolve({
          argv,
          exitStatus,
          signal,
          stdout: stdout(),
          stderr: this.#stderr(),
          durationNs,
          isTimedOut: this.isTimedOut,
        });
      });
    });
    // A process that ends while we write to it is reported by its exit, not by EPIPE.
    child.stdin?.on('error', () => undefined);
  }

  get stdin(): Writable | null {
    return this.#child.stdin;
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  stderrSoFar(): string {
    return this.#stderr();
  }

  signal(name: NodeJS.Signals): boolean {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return false;
    try {
      process.kill(this.#target, name);
      return true;
    } catch {
      return false;
    }
  }

  async stop(graceMs: number = defaultGraceMs, asks: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<ProcessResult> {
    this.signal(asks);
    const killer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    const result = await this.ended;
    clearTimeout(killer);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/**
 * Starts a process in a group of its own.
 * @throws TapbenchError `PROCESS_FAILED` when it can't be executed
 */
export async function start(argv: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
  return await startProcess(argv, options);
}

async function startProcess(argv: readonly string[], options: StartOptions): Promise<Started> {
  const child = spawnGroup(argv, options);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      reject(new TapbenchError('PROCESS_FAILED', `${argv[0] ?? ''} can't be executed: ${cause.message}`, { cause }));
    });
  });
  return new Started(argv, child, options);
}

export interface RunOptions extends StartOptions {
  readonly deadlineMs: number;
  /** Written to stdin, which is then closed. */
  readonly input?: string;
  /** Give the result even where the exit status is not 0. Default false. */
  readonly acceptsFailure?: boolean;
}

/** What a failed process complained of; under it the last lines that it said, where there are more. */
function complaint(result: ProcessResult): readonly [first: string, ...lines: string[]] {
  const text = (result.stderr.trim() === '' ? result.stdout : result.stderr).trim();
  const lines = text.split('\n');
  const first = firstComplaint(text) ?? 'it said nothing';
  return lines.length === 1 ? [first] : [first, ...lines.slice(-5)];
}

/**
 * Runs a command to its end.
 * @throws TapbenchError `PROCESS_TIMED_OUT` past the deadline; `PROCESS_FAILED` on an exit status that isn't 0, unless that is accepted
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<ProcessResult> {
  const child = await startProcess(argv, { ...options, stdin: options.input === undefined ? 'ignore' : 'pipe' });
  if (options.input !== undefined) child.stdin?.end(options.input);
  const deadline = setTimeout(() => {
    child.isTimedOut = true;
    void child.stop();
  }, options.deadlineMs);
  const result = await child.ended;
  clearTimeout(deadline);
  const line = argv.join(' ');
  if (result.isTimedOut) {
    throw new TapbenchError('PROCESS_TIMED_OUT', `${line}: not ended after ${String(options.deadlineMs)} ms`, {
      cause: result,
    });
  }
  if (result.exitStatus !== 0 && options.acceptsFailure !== true) {
    const how =
      result.exitStatus === null ? `ended by ${result.signal ?? 'a signal'}` : `exit ${String(result.exitStatus)}`;
    const [first, ...lines] = complaint(result);
    throw new TapbenchError('PROCESS_FAILED', `${line}: ${how}: ${first}`, { lines, cause: result });
  }
  return result;
}
