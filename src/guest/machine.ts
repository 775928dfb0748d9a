import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { monotonicNs } from '../lab/clock.ts';
import type { Endpoint, RunningCommand } from '../lab/endpoint.ts';
import type { ProcessResult, StartedProcess } from '../lab/process.ts';
import { TapbenchError } from '../record/error.ts';
import type { ArmedWindow, Channel, Reply } from './channel.ts';
import { quote } from './quote.ts';

/** Starts a program on the host's side of the path, to take in what a guest sends. */
export type Receiver = (argv: readonly string[]) => Promise<StartedProcess>;

const transferPort = 5199;
const controlDeadlineMs = 10_000;
/** 20 MB take 0.3 s under emulation; this is for a hung guest. */
const transferDeadlineMs = 120_000;
const folder = '/tmp/tapbench';

/** Where an exit status above this comes from a signal (POSIX shell: 128 + signal). */
const signalBase = 128;

/** A booted guest, as an endpoint. */
export class Guest implements Endpoint {
  readonly kind = 'guest';
  readonly name: string;
  readonly address: string;
  readonly channel: Channel;
  readonly #receiver: { start: Receiver; address: string };
  readonly #folder: string;

  /** @param options.folder on the host, for what is fetched on the way */
  constructor(options: {
    name: string;
    address: string;
    channel: Channel;
    receiver: { start: Receiver; address: string };
    folder: string;
  }) {
    this.name = options.name;
    this.address = options.address;
    this.channel = options.channel;
    this.#receiver = options.receiver;
    this.#folder = options.folder;
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
    const ended = Promise.withResolvers<ProcessResult>();
    return {
      pid: Number(handle.split(' ')[0]),
      ended: ended.promise,
      stop: async () => {
        const end = await this.channel.stopServer(handle, controlDeadlineMs);
        const name = (handle.split(' ')[1] ?? '').split('/').pop() ?? '';
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

  /** What the client of a window left: its output and the guest's own resource readings at both edges. */
  async windowTexts(reply: Reply): Promise<{ stdout: string; stderr: string; resources: string }> {
    const [stdout = '', stderr = '', resources = ''] = await this.#texts(reply, ['out', 'err', 'resources']);
    return { stdout, stderr, resources };
  }

  /** The files of a reply; what was too large for the console is fetched. */
  async #texts(reply: Reply, names: readonly string[]): Promise<readonly string[]> {
    if (reply.files !== null) return reply.files;
    const texts: string[] = [];
    for (const [index, name] of names.entries()) {
      if ((reply.sizes[index] ?? 0) === 0) {
        texts.push('');
        continue;
      }
      // The exchange itself overwrites `out` and `err`: they are set aside in the guest first.
      const to = join(this.#folder, `fetched-${name}`);
      await this.fetch(`${folder}/kept/${name}`, to);
      texts.push(await readFile(to, 'utf8'));
    }
    return texts;
  }

  /**
   * Brings a file of the guest to the host over the network card; never called inside a window.
   * @param options.removes whether the guest's own is removed then; one request more would cost the run its time
   * @throws TapbenchError `CHANNEL_FAILED` where the checksum does not agree
   */
  async fetch(from: string, to: string, { removes = false }: { removes?: boolean } = {}): Promise<void> {
    const { start, address } = this.#receiver;
    // Its stdin stays open: nc(1) of busybox ends the connection when its own input ends.
    const listener = await start(['busybox', 'nc', '-l', '-p', String(transferPort)]);
    const hash = createHash('md5');
    const tap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    if (listener.stdout === null) throw new TapbenchError('CHANNEL_FAILED', 'the receiver has no output');
    const written = pipeline(listener.stdout, tap, createWriteStream(to, { mode: 0o640 }));
    written.catch(() => undefined);
    try {
      const reply = await this.channel.evaluate(
        `transfer ${quote([from, address, String(transferPort)])}${removes ? ` && rm ${quote([from])}` : ''}`,
        transferDeadlineMs,
      );
      if (reply.status !== 0) {
        throw new TapbenchError(
          'CHANNEL_FAILED',
          `the guest could not send ${from}: ${(reply.files?.[1] ?? '').trim()}`,
        );
      }
      await written;
      if ((reply.files?.[0] ?? '').split(' ')[0] !== hash.digest('hex')) {
        throw new TapbenchError('CHANNEL_FAILED', `${from} was damaged on its way from the guest`);
      }
    } finally {
      await listener.stop();
    }
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
