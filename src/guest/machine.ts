import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monotonicNs } from '../lab/clock.ts';
import type { Endpoint, RunningCommand } from '../lab/endpoint.ts';
import type { ProcessResult, StartedProcess } from '../lab/process.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { ArmedWindow, Channel } from './channel.ts';
import { quote } from './quote.ts';
import { receiveFile } from './receive-file.ts';
import type { Reply } from './reply.ts';

/** What takes in the files that a guest sends, on the host's side of the path. */
export interface FileReceiver {
  readonly address: string;
  readonly port: number;
  /** Starts a program there. */
  readonly start: (argv: readonly string[]) => Promise<StartedProcess>;
}

const controlDeadlineMs = 10_000;
/** 20 MB take 0.3 s under emulation; this is for a hung guest. */
const transferDeadlineMs = 120_000;
const folder = '/tmp/tapbench';
/** Of a text that a guest prints for us, as its facts: some KB are usual. */
const mostTextBytes = 1024 ** 2;
/** What `S` of docs/guest-channel.md replies: a pid and the stem of the server's files. */
const serverHandle = /^(\d{1,10}) \/tmp\/tapbench\/(server\.\d{1,15})$/;

/** Where an exit status above this comes from a signal (POSIX shell: 128 + signal). */
const signalBase = 128;

/** A file of the guest, and where it goes to on the host. */
export interface WantedFile {
  readonly from: string;
  readonly to: string;
}

/** What a window left in the guest. */
export interface WindowEnd {
  /** Of the command, as a POSIX shell has it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The guest's own readings at both edges: see docs/guest-channel.md. */
  readonly resources: string;
}

/** A file that the guest is about to send. Disposing ends the wait for it. */
interface Incoming extends AsyncDisposable {
  readonly from: string;
  /** What the guest must evaluate to send the file; it prints the md5 of what it sent. */
  readonly request: string;
  /** The md5 of what came. Rejects with what the file system throws, or a TapbenchError `CHANNEL_FAILED` for too much. */
  readonly arrived: Promise<string>;
}

/** A booted guest, as an endpoint. */
export class Guest implements Endpoint {
  readonly kind = 'guest';
  readonly name: string;
  readonly channel: Channel;
  readonly #receiver: FileReceiver;
  readonly #folder: string;
  readonly #memoryBytes: number;
  readonly #isEmulated: boolean;

  /**
   * @param options.folder on the host, for what is fetched on the way
   * @param options.isEmulated whether its CPU is: what it is given before a window depends on it
   * @param options.memoryBytes of the guest: no file in it can be larger, as its /tmp is in its memory
   */
  constructor(options: {
    name: string;
    channel: Channel;
    receiver: FileReceiver;
    folder: string;
    memoryBytes: number;
    isEmulated: boolean;
  }) {
    this.name = options.name;
    this.channel = options.channel;
    this.#receiver = options.receiver;
    this.#folder = options.folder;
    this.#memoryBytes = options.memoryBytes;
    this.#isEmulated = options.isEmulated;
  }

  async run(argv: readonly string[], limitMs: number): Promise<ProcessResult> {
    return await this.evaluate(
      `timeout -s KILL ${String(Math.ceil(limitMs / 1000))} ${quote(argv)}`,
      limitMs + controlDeadlineMs,
    );
  }

  /** Shell text, with the functions of init.sh in reach. @param mostBytes that each of its outputs may have */
  async evaluate(text: string, limitMs: number, mostBytes?: number): Promise<ProcessResult> {
    const startedNs = monotonicNs();
    const reply = await this.channel.evaluate(text, limitMs);
    const durationNs = monotonicNs() - startedNs;
    const [stdout = '', stderr = ''] = await this.#texts(reply, ['out', 'err'], mostBytes);
    return { argv: [text], ...ending(reply), stdout, stderr, durationNs };
  }

  async start(argv: readonly string[]): Promise<RunningCommand> {
    const startedNs = monotonicNs();
    // In place of the shell that starts it: its process id is the one that is signalled.
    const reply = await this.channel.startServer(`exec ${quote(argv)}`, controlDeadlineMs);
    const handle = (reply.files?.[0] ?? '').trim();
    const [, pid, name] = serverHandle.exec(handle) ?? [];
    if (pid === undefined || name === undefined) {
      throw new TapbenchError('CHANNEL_FAILED', 'the guest gave no handle of the server that it started');
    }
    const ended = Promise.withResolvers<ProcessResult>();
    return {
      pid: Number(pid),
      ended: ended.promise,
      stop: async () => {
        const end = await this.channel.stopServer(handle, controlDeadlineMs);
        const [stdout = '', stderr = ''] = await this.#texts(end, [`${name}.out`, `${name}.err`]);
        ended.resolve({ argv, ...ending(end), stdout, stderr, durationNs: monotonicNs() - startedNs });
        return await ended.promise;
      },
    };
  }

  /** Arms a window: see `Channel.arm`. @param limits.isReady `ready` was called just before */
  async arm(
    argv: readonly string[],
    { isReady = false, ...limits }: { gateMs: number; limitMs: number; isReady?: boolean },
  ): Promise<ArmedWindow> {
    return await this.channel.arm(quote(argv), { ...limits, isEmulated: this.#isEmulated && !isReady });
  }

  /** Readies it for a window, as `arm` does by itself: where its client is elsewhere, or arming must not take long. @returns its CPU times, as /proc/stat has them */
  async ready(): Promise<string> {
    const text = `${this.#isEmulated ? 'fill_tlb; ' : ''}cat /proc/stat`;
    return (await this.evaluate(text, controlDeadlineMs)).stdout;
  }

  /**
   * Asks for what a window left, and brings the files of a command that ended well; the first is sent by itself, before the guest replies.
   * @param mostBytes that each of its outputs may have
   * @throws TapbenchError `CHANNEL_FAILED`; what the file system throws
   */
  async collect(armed: ArmedWindow, files: readonly WantedFile[], mostBytes = mostTextBytes): Promise<WindowEnd> {
    const [first] = files;
    // Before all else: it is there when the command has written what is to be sent, and nobody waits for it.
    await using incoming = first === undefined ? null : await this.#receive(first);
    const isTold = armed.ask(incoming === null ? '' : `${incoming.request} && rm ${quote([incoming.from])}`);
    const { reply } = armed;
    // A guest whose connection was cut off need not answer.
    const { status, ...rest } = await Promise.race([reply, incoming?.arrived.then(async () => await reply) ?? reply]);
    const isSent = isTold && incoming !== null && status === 0;
    // Where it could not be sent, nothing arrives.
    if (isSent && rest.files !== null) sentMd5(rest.files[3], incoming.from);
    const arrived = isSent ? await incoming.arrived : null;
    await incoming?.[Symbol.asyncDispose]();
    const names = ['out', 'err', 'resources', 'sent'];
    const [stdout = '', stderr = '', resources = '', sent] = await this.#texts({ status, ...rest }, names, mostBytes);
    if (isSent && arrived !== null) demandSame(incoming.from, sentMd5(sent, incoming.from), arrived);
    const left = arrived === null ? files : files.slice(1);
    // A command that failed fails the trial, and its guest goes with it.
    if (status === 0) for (const { from, to } of left) await this.fetch(from, to);
    return { status, stdout, stderr, resources };
  }

  /** The files of a reply; what was too large for the console is fetched. */
  async #texts(reply: Reply, names: readonly string[], mostBytes = mostTextBytes): Promise<readonly string[]> {
    if (reply.files !== null) return reply.files;
    const texts: string[] = [];
    for (const [index, name] of names.entries()) {
      const size = reply.sizes[index] ?? 0;
      if (size > mostBytes) {
        const sizes = `${String(size)} bytes, and at most ${String(mostBytes)} are taken`;
        throw new TapbenchError('CHANNEL_FAILED', `${name} of the guest has ${sizes}`);
      }
      if (size === 0) {
        texts.push('');
        continue;
      }
      // The exchange itself overwrites `out` and `err`: they are set aside in the guest first.
      const to = join(this.#folder, `fetched-${name}`);
      await this.#fetch(`${folder}/kept/${name}`, to, size);
      texts.push(await readFile(to, 'utf8'));
    }
    return texts;
  }

  /**
   * Takes in a file that the guest sends over the network card; never inside a window. One at a time, as there is one port.
   * @param mostBytes more than these are not taken: by default, as many as the guest has memory
   */
  async #receive({ from, to }: WantedFile, mostBytes = this.#memoryBytes): Promise<Incoming> {
    const { address, port, start } = this.#receiver;
    // Its stdin stays open: nc(1) of busybox ends the connection when its own input ends.
    const listener = await start(['busybox', 'nc', '-l', '-p', String(port)]);
    if (listener.stdout === null) throw new TapbenchError('CHANNEL_FAILED', 'the receiver has no output');
    const arrived = receiveFile(listener.stdout, to, { mostBytes, deadlineMs: transferDeadlineMs });
    // Where nothing was sent nobody waits for it.
    arrived.catch(() => undefined);
    return {
      from,
      request: `transfer ${quote([from, address, String(port)])}`,
      arrived,
      [Symbol.asyncDispose]: async () => {
        await listener.stop();
      },
    };
  }

  /**
   * Brings a file of the guest to the host; never called inside a window.
   * @throws TapbenchError `CHANNEL_FAILED` where the checksum does not agree, or more comes than the guest has memory
   */
  async fetch(from: string, to: string): Promise<void> {
    await this.#fetch(from, to);
  }

  async #fetch(from: string, to: string, mostBytes?: number): Promise<void> {
    await using incoming = await this.#receive({ from, to }, mostBytes);
    // Whichever fails first: a guest whose connection was cut off need not answer.
    const sent = this.channel.evaluate(`${incoming.request} 2>&1`, transferDeadlineMs);
    const [md5, arrived] = await Promise.all([sent.then(({ files }) => sentMd5(files?.[0], from)), incoming.arrived]);
    demandSame(from, md5, arrived);
  }
}

/** The md5 of what `transfer` sent, by what it printed. @throws TapbenchError `CHANNEL_FAILED` where it could not send */
function sentMd5(printed = '', name: string): string {
  const md5 = /^[0-9a-f]{32}\b/.exec(printed)?.[0];
  if (md5 !== undefined) return md5;
  const said = firstComplaint(printed) ?? 'it said nothing';
  throw new TapbenchError('CHANNEL_FAILED', `the guest could not send ${name}: ${said}`);
}

function demandSame(name: string, sent: string, arrived: string): void {
  if (sent !== arrived) throw new TapbenchError('CHANNEL_FAILED', `${name} was damaged on its way from the guest`);
}

function ending(reply: Reply): Pick<ProcessResult, 'exitStatus' | 'signal' | 'isTimedOut'> {
  const isSignalled = reply.status > signalBase;
  return {
    exitStatus: isSignalled ? null : reply.status,
    signal: isSignalled ? `signal ${String(reply.status - signalBase)}` : null,
    // timeout(1) is run with -s KILL
    isTimedOut: reply.status === signalBase + 9,
  };
}
