import { eachBoundedLine } from '../../lab/bounded-lines.ts';
import type { StartedProcess } from '../../lab/process.ts';
import { firstComplaint } from '../../record/complaint.ts';
import { TapbenchError } from '../../record/error.ts';
import { type LevelOneEvent, readLevelOneLine } from './console.ts';

export interface SessionOptions {
  /** QEMU, started with its stdin and stdout as pipes. */
  readonly machine: StartedProcess;
  /** Told of the lines of the job. */
  readonly onLine: (text: string) => void;
  readonly onUp: () => void;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** /init says every 10 s that it lives; a machine with both CPUs busy is late, not silent. */
const silenceMs = 120_000;
/** For a job that was interrupted: it takes its lab down and writes its results. */
const interruptGraceMs = 90_000;
const interruptKey = '\u0003';

/** The end that the machine came to, as far as it told. */
interface Told {
  bytes: number | null;
  reason: string | null;
}

/** Ends the machine where it must not go on; `because` is what the error then says. */
class Limits implements Disposable {
  because: string | null = null;
  readonly #machine: StartedProcess;
  readonly #timers = new Set<NodeJS.Timeout>();
  #silence: NodeJS.Timeout | null = null;

  constructor(machine: StartedProcess) {
    this.#machine = machine;
  }

  after(milliseconds: number, reason: string): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.because ??= reason;
      void this.#machine.stop();
    }, milliseconds);
    this.#timers.add(timer);
    return timer;
  }

  heard(): void {
    if (this.#silence !== null) {
      clearTimeout(this.#silence);
      this.#timers.delete(this.#silence);
    }
    this.#silence = this.after(silenceMs, `it was silent for ${String(silenceMs / 1000)} s`);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/**
 * Follows the machine to its power-off. An abort is passed on as Ctrl-C: the job ends by itself and its results still come.
 * @returns bytes of the results on the third disk
 * @throws TapbenchError `VMM_FAILED` where it ended, hung or took too long without results; `INTERRUPTED` where an interrupted one brought none
 */
export async function levelOneSession(options: SessionOptions): Promise<number> {
  const { machine, onLine, onUp, signal, deadlineMs } = options;
  const told: Told = { bytes: null, reason: null };
  using limits = new Limits(machine);
  limits.after(deadlineMs, `it was not done after ${String(Math.round(deadlineMs / 1000))} s`);
  limits.heard();
  const take = (event: LevelOneEvent): void => {
    limits.heard();
    if (event.kind === 'line') onLine(event.text);
    else if (event.kind === 'up') onUp();
    else if (event.kind === 'done') told.bytes = event.bytes;
    else if (event.kind === 'fail') told.reason = event.reason;
  };
  const interrupt = (): void => {
    machine.stdin?.write(interruptKey);
    limits.after(interruptGraceMs, 'it did not end when it was interrupted');
  };
  if (machine.stdout !== null)
    eachBoundedLine(machine.stdout, (line) => {
      take(readLevelOneLine(line));
    });
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const result = await machine.ended;
  signal.removeEventListener('abort', interrupt);
  if (told.bytes !== null) return told.bytes;
  if (signal.aborted) throw new TapbenchError('INTERRUPTED', 'interrupted before the nested machine had results');
  const said = firstComplaint(result.stderr, 3) ?? 'it said nothing';
  const ended = `QEMU ended with ${String(result.exitStatus ?? result.signal)}: ${said}`;
  throw new TapbenchError('VMM_FAILED', `the nested machine: ${limits.because ?? told.reason ?? ended}`);
}
