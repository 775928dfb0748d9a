import type { Readable, Writable } from 'node:stream';
import { monotonicNs } from '../lab/clock.ts';
import type { ProcessResult, StartedProcess } from '../lab/process.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import { ConsoleTail } from './console-tail.ts';
import { type Frame, FrameReader } from './frame.ts';
import { decode, type Reply, type ReplyFrame } from './reply.ts';

interface Waiting {
  readonly id: number;
  readonly onArmed: (() => void) | null;
  readonly resolve: (frame: ReplyFrame) => void;
  readonly reject: (error: TapbenchError) => void;
}

/** A window that the guest is armed for: it starts its command when the gate has passed. */
export interface ArmedWindow {
  /** Settles when the guest has replied; `ask` must have been called for that. */
  readonly reply: Promise<Reply>;
  /**
   * Lets the guest reply as soon as its command has ended, once. Until then no byte crosses the console.
   * @param text what it evaluates before, where its command ended well: a request of its own would take 30 ms of an emulated CPU
   * @returns false where it was asked before: then `text` is not evaluated
   */
  ask(text?: string): boolean;
}

/** The two ways of a serial line, seen from the host. */
export interface SerialLine {
  readonly input: Writable | null;
  readonly output: Readable | null;
}

/** Of docs/guest-channel.md: what `H` must say. */
const protocolVersion = 6;
/** What every line to the guest begins with: one without it has lost its beginning. */
const lineMark = '\x1d';
/** A line is lost where a child of the guest's shell ends while it is read: no child ends so often. */
const mostRepeats = 20;
function howItEnded({ exitStatus, signal }: ProcessResult): string {
  if (exitStatus !== null) return `exit ${String(exitStatus)}`;
  return `was ended by ${signal ?? 'a signal'}${signal === 'SIGXFSZ' ? ', as it wrote too large a file' : ''}`;
}

/**
 * The host's end of the channel to a guest: requests and replies over the guest's serial console.
 * One request at a time. Every wait ends with an error that carries the console's last lines when the guest says why it stops, the VMM ends or time is up.
 */
export class Channel {
  readonly console = new ConsoleTail();
  /** Bytes that crossed the console so far, both ways. */
  consoleBytes = 0;
  readonly #input: Writable | null;
  #nextId = 1;
  #waiting: Waiting | null = null;
  /** The last line that was sent, and how often it was sent again. */
  #line = '';
  #repeats = 0;
  #broken: TapbenchError | null = null;
  #interactive: ((text: string) => void) | null = null;
  #hello = Promise.withResolvers<undefined>();
  /** Rejects when the channel breaks: no wait may need a frame of the guest to end. */
  readonly #failed = Promise.withResolvers<never>();

  constructor(vmm: Pick<StartedProcess, 'ended'>, { input, output }: SerialLine, onConsole: (text: string) => void) {
    this.#input = input;
    // A boot that fails before anyone waits for the hello must not be an unhandled rejection.
    this.#failed.promise.catch(() => undefined);
    const reader = new FrameReader(
      (frame) => {
        this.#onFrame(frame);
      },
      (text) => {
        this.console.push(text);
        onConsole(text);
        this.#interactive?.(text);
        const { lastWords } = this.console;
        if (lastWords !== null) this.#break('GUEST_FAILED', lastWords);
      },
    );
    output?.setEncoding('utf8');
    output?.on('data', (text: string) => {
      this.consoleBytes += Buffer.byteLength(text);
      reader.push(text);
    });
    void vmm.ended.then((result) => {
      const how = howItEnded(result);
      const said = firstComplaint(result.stderr, 3);
      // A VMM that ends well and without a word was asked to by its guest.
      const silent = result.exitStatus === 0 ? '; the guest powered off' : '';
      this.#break('VMM_FAILED', `the VMM ended (${how})${said === null ? silent : `: ${said}`}`);
    });
  }

  /** Why the channel can no longer be used; null while it can. */
  get broken(): TapbenchError | null {
    return this.#broken;
  }

  /** Makes every wait fail now: for interrupts. */
  abort(error: TapbenchError): void {
    this.#fail(error);
  }

  /** @throws TapbenchError `GUEST_FAILED`, `VMM_FAILED` */
  async hello(deadlineMs: number): Promise<void> {
    await this.#within(this.#hello.promise, deadlineMs, 'the guest did not say that it is ready');
  }

  /**
   * Has PID 1 of the guest evaluate shell text that makes another init of it, and waits until that has started our end of the channel again.
   * @throws TapbenchError `GUEST_FAILED`, `VMM_FAILED`
   */
  async becomeInit(text: string, deadlineMs: number): Promise<void> {
    this.#hello = Promise.withResolvers<undefined>();
    this.#send(`B ${text}`, null);
    await this.#within(this.#hello.promise, deadlineMs, "the root file system's own init did not start the agent");
    this.#waiting = null;
  }

  /** Evaluates shell text in the guest. @throws TapbenchError `GUEST_FAILED`, `VMM_FAILED`, `CHANNEL_FAILED` */
  async evaluate(text: string, deadlineMs: number): Promise<Reply> {
    return await this.#exchange(`F ${text}`, deadlineMs);
  }

  async startServer(command: string, deadlineMs: number): Promise<Reply> {
    return await this.#exchange(`S ${command}`, deadlineMs);
  }

  async stopServer(handle: string, deadlineMs: number): Promise<Reply> {
    return await this.#exchange(`K ${handle}`, deadlineMs);
  }

  async #exchange(request: string, deadlineMs: number): Promise<Reply> {
    const { id, reply } = this.#send(request, null);
    return decode(await this.#within(reply, deadlineMs, `the guest did not answer request ${String(id)}`));
  }

  /**
   * Arms the guest for a window: it starts the command `gateMs` after this resolves, in silence.
   * @param limits.limitMs how long the command may take; the guest kills it then, if it was asked by that time
   */
  async arm(command: string, limits: { gateMs: number; limitMs: number; isEmulated: boolean }): Promise<ArmedWindow> {
    const armed = Promise.withResolvers<undefined>();
    const { reply } = this.#send(
      `W ${String(limits.gateMs * 1000)} ${limits.isEmulated ? '1' : '0'} ${command}`,
      () => {
        armed.resolve(undefined);
      },
    );
    reply.catch((error: unknown) => {
      armed.reject(error);
    });
    await this.#within(armed.promise, 10_000, 'the guest did not arm the window');
    const guarded = this.#within(reply, limits.limitMs + 10_000, 'the client in the guest did not end').then(decode);
    guarded.catch(() => undefined);
    const endMs = monotonicNs() / 1e6 + limits.gateMs + limits.limitMs;
    let isAsked = false;
    return {
      reply: guarded,
      ask: (text = '') => {
        if (isAsked) return false;
        isAsked = true;
        this.#writeLine(`${String(Math.max(0, Math.ceil((endMs - monotonicNs() / 1e6) / 1000)))} ${text}`);
        return true;
      },
    };
  }

  /** Hands the console to a person until the shell in the guest exits. */
  async interact(onText: (text: string) => void): Promise<void> {
    const { reply } = this.#send('I', null);
    this.#interactive = onText;
    try {
      await reply;
    } finally {
      this.#interactive = null;
    }
  }

  /** What a person types, for `interact`. */
  type(text: string): void {
    this.#write(text);
  }

  #send(request: string, onArmed: (() => void) | null): { id: number; reply: Promise<ReplyFrame> } {
    if (this.#broken !== null) throw this.#broken;
    if (this.#waiting !== null) throw new TapbenchError('CHANNEL_FAILED', 'the guest is busy with another request');
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<ReplyFrame>();
    this.#waiting = { id, onArmed, resolve, reject };
    promise.catch(() => undefined);
    this.#writeLine(`${String(id)} ${request}`);
    return { id, reply: promise };
  }

  #writeLine(text: string): void {
    this.#line = `${lineMark} ${text}\n`;
    this.#repeats = 0;
    this.#write(this.#line);
  }

  #repeatLine(): void {
    this.#repeats += 1;
    if (this.#repeats <= mostRepeats) this.#write(this.#line);
    else this.#break('CHANNEL_FAILED', 'the guest understands no line');
  }

  #write(text: string): void {
    this.consoleBytes += Buffer.byteLength(text);
    this.#input?.write(text);
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'hello') {
      if (frame.version === protocolVersion) this.#hello.resolve(undefined);
      else
        this.#break(
          'GUEST_FAILED',
          `the guest speaks version ${String(frame.version)} of the channel, not ${String(protocolVersion)}`,
        );
      return;
    }
    if (frame.kind === 'endless') {
      this.#break('CHANNEL_FAILED', 'the guest began a reply that does not end');
      return;
    }
    const waiting = this.#waiting;
    if (frame.kind === 'again') {
      if (waiting !== null) this.#repeatLine();
      return;
    }
    // An answer to a request that nobody waits for any more (its deadline passed) is dropped.
    if (waiting?.id !== frame.id) return;
    if (frame.kind === 'armed') {
      waiting.onArmed?.();
      return;
    }
    this.#waiting = null;
    waiting.resolve(frame);
  }

  async #within<T>(promise: Promise<T>, deadlineMs: number, message: string): Promise<T> {
    const timer = setTimeout(() => {
      this.#break('GUEST_FAILED', `${message} within ${String(deadlineMs)} ms`);
    }, deadlineMs);
    try {
      return await Promise.race([promise, this.#failed.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #break(code: 'GUEST_FAILED' | 'VMM_FAILED' | 'CHANNEL_FAILED', message: string): void {
    const tail = this.console.lines().slice(-12);
    const console = tail.length === 0 ? 'its console is empty' : 'its console ends with:';
    this.#fail(new TapbenchError(code, `${message}; ${console}`, { lines: tail }));
  }

  #fail(error: TapbenchError): void {
    if (this.#broken !== null) return;
    this.#broken = error;
    this.#failed.reject(error);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}
