import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monotonicNs } from '../lab/clock.ts';
import type { Endpoint, RunningCommand } from '../lab/endpoint.ts';
import type { ProcessResult, StartedProcess } from '../lab/process.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { ArmedWindow, Channel, Reply } from './channel.ts';
import { quote } from './quote.ts';
import { receiveFile } from './receive-file.ts';

/** Starts a program on the host's side of the path, to take in what a guest sends. */
export type Receiver = (argv: readonly string[]) => Promise<StartedProcess>;

const transferPort = 5199;
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

/** How a file of the guest is fetched. */
export interface FetchOptions {
  /** Whether the guest's own is removed then; one request more would cost the run its time. */
  readonly removes?: boolean;
  /** As `listen` gave it, which has ended then; absent: one is started. */
  readonly listener?: StartedProcess | null;
}

/** A booted guest, as an endpoint. */
export class Guest implements Endpoint {
  readonly kind = 'guest';
  readonly name: string;
  readonly address: string;
  readonly channel: Channel;
  readonly #receiver: { start: Receiver; address: string };
  readonly #folder: string;
  readonly #memoryBytes: number;

  /**
   * @param options.folder on the host, for what is fetched on the way
   * @param options.memoryBytes of the guest: no file in it can be larger, as its /tmp is in its memory
   */
  constructor(options: {
    name: string;
    address: string;
    channel: Channel;
    receiver: { start: Receiver; address: string };
    folder: string;
    memoryBytes: number;
  }) {
    this.name = options.name;
    this.address = options.address;
    this.channel = options.channel;
    this.#receiver = options.receiver;
    this.#folder = options.folder;
    this.#memoryBytes = options.memoryBytes;
  }

  async run(argv: readonly string[], limitMs: number): Promise<ProcessResult> {
    return await this.evaluate(
      `timeout -s KILL ${String(Math.ceil(limitMs / 1000))} ${quote(argv)}`,
      limitMs + controlDeadlineMs,
    );
  }

  /** Shell text, with the functions of init.sh in reach. */
  async evaluate(text: string, limitMs: number): Promise<ProcessResult> {
    const startedNs = monotonicNs();
    const reply = await this.channel.evaluate(text, limitMs);
    const durationNs = monotonicNs() - startedNs;
    const [stdout = '', stderr = ''] = await this.#texts(reply, ['out', 'err']);
    return { argv: [text], ...ending(reply), stdout, stderr, durationNs };
  }

  async start(argv: readonly string[]): Promise<RunningCommand> {
    const startedNs = monotonicNs();
    const reply = await this.channel.startServer(quote(argv), controlDeadlineMs);
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

  /** Arms a window: see `Channel.arm`. */
  async arm(argv: readonly string[], limits: { gateMs: number; limitMs: number }): Promise<ArmedWindow> {
    return await this.channel.arm(quote(argv), limits);
  }

  /**
   * What the client of a window left: its output and the guest's own resource readings at both edges.
   * @param mostBytes that each of its outputs may have
   * @throws TapbenchError `CHANNEL_FAILED`
   */
  async windowTexts(
    reply: Reply,
    mostBytes = mostTextBytes,
  ): Promise<{ stdout: string; stderr: string; resources: string }> {
    const names = ['out', 'err', 'resources'];
    const [stdout = '', stderr = '', resources = ''] = await this.#texts(reply, names, mostBytes);
    return { stdout, stderr, resources };
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
      await this.#fetch(`${folder}/kept/${name}`, to, { mostBytes: size });
      texts.push(await readFile(to, 'utf8'));
    }
    return texts;
  }

  /** What takes in the next file that is fetched, started ahead. There may be one at a time, as there is one port. */
  async listen(): Promise<StartedProcess> {
    // Its stdin stays open: nc(1) of busybox ends the connection when its own input ends.
    return await this.#receiver.start(['busybox', 'nc', '-l', '-p', String(transferPort)]);
  }

  /**
   * Brings a file of the guest to the host over the network card; never called inside a window.
   * @throws TapbenchError `CHANNEL_FAILED` where the checksum does not agree, or more comes than the guest has memory
   */
  async fetch(from: string, to: string, options: FetchOptions = {}): Promise<void> {
    await this.#fetch(from, to, { ...options, mostBytes: this.#memoryBytes });
  }

  async #fetch(from: string, to: string, options: FetchOptions & { readonly mostBytes: number }): Promise<void> {
    const { address } = this.#receiver;
    const { removes = false, mostBytes } = options;
    const removal = removes ? ` && rm ${quote([from])}` : '';
    const request = `transfer ${quote([from, address, String(transferPort)])}${removal}`;
    const listener = options.listener ?? (await this.listen());
    if (listener.stdout === null) throw new TapbenchError('CHANNEL_FAILED', 'the receiver has no output');
    const limits = { mostBytes, deadlineMs: transferDeadlineMs };
    const received = receiveFile(listener.stdout, to, limits);
    try {
      // Whichever fails first: a guest whose connection was cut off need not answer.
      const [sent, arrived] = await Promise.all([this.#sent(request, from), received]);
      if (sent !== arrived) throw new TapbenchError('CHANNEL_FAILED', `${from} was damaged on its way from the guest`);
    } finally {
      await listener.stop();
    }
  }

  /** Has the guest send a file. @returns the md5 that it says it has */
  async #sent(request: string, from: string): Promise<string> {
    const { status, files } = await this.channel.evaluate(request, transferDeadlineMs);
    if (status === 0) return (files?.[0] ?? '').split(' ')[0] ?? '';
    const said = firstComplaint(files?.[1] ?? '') ?? 'it said nothing';
    throw new TapbenchError('CHANNEL_FAILED', `the guest could not send ${from}: ${said}`);
  }
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
