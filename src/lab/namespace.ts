import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import { removeNamespace } from './clean.ts';
import type { Endpoint, RunningCommand } from './endpoint.ts';
import type { Ledger } from './ledger.ts';
import { type ProcessResult, run, type StartedProcess, type StartOptions, start } from './process.ts';
import { waitFor } from './wait.ts';

const deadlineMs = 10_000;

/** A network namespace that is to be made. */
export interface NewNamespace {
  /** What `ip netns` calls it. */
  readonly netns: string;
  /** Lines for `ip -batch`, run inside it after the loopback device came up. */
  readonly batch: readonly string[];
}

/** The counters of all devices of one namespace, while it lives and without a process in it. */
class DeviceCounters {
  readonly #descriptor: number;
  #buffer: Buffer = Buffer.alloc(4_096);

  /** @param pid of a process that is in the namespace now: what was opened stays its namespace's */
  constructor(pid: number) {
    this.#descriptor = openSync(`/proc/${String(pid)}/net/dev`, 'r');
  }

  /** Text of /proc/net/dev (proc_pid_net(5)). */
  read(): string {
    let length = 0;
    for (;;) {
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], 2 * length);
      // The kernel gives a page at most (seq_read_iter of fs/seq_file.c), and nothing at the end.
      const bytes = readSync(this.#descriptor, this.#buffer, length, this.#buffer.length - length, length);
      if (bytes === 0) return this.#buffer.toString('latin1', 0, length);
      length += bytes;
    }
  }

  /** An open file keeps the namespace. */
  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The network namespace that a process is in, as the kernel names it; null where it is gone. */
function namespaceOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`);
  } catch {
    return null;
  }
}

/** Makes what is in a namespace, and itself where it is not there. The process that does it shows where its counters are. */
async function furnish({ netns, batch }: NewNamespace, isThere: boolean): Promise<DeviceCounters> {
  const inside = ['ip', '-netns', netns, '-batch', '-'];
  const making = ['sh', '-c', 'ip netns add "$0" && exec "$@"', netns, ...inside];
  const ip = await start(isThere ? inside : making, { stdin: 'pipe' });
  ip.stdin?.write(['link set dev lo up', ...batch, ''].join('\n'));
  const ours = namespaceOf('self');
  const isInside = await waitFor(
    () => {
      if (ip.hasEnded) return false;
      const theirs = namespaceOf(ip.pid);
      return theirs === null || theirs === ours ? null : true;
    },
    { deadlineMs, intervalMs: 1 },
  );
  const counters = isInside === true ? new DeviceCounters(ip.pid) : null;
  ip.stdin?.end();
  const late = setTimeout(() => void ip.stop(), deadlineMs);
  const { exitStatus, stderr } = await ip.ended;
  clearTimeout(late);
  if (counters !== null && exitStatus === 0) return counters;
  counters?.close();
  throw new TapbenchError('PROCESS_FAILED', `ip -batch in ${netns}: ${firstComplaint(stderr) ?? 'it said nothing'}`);
}

/** A network namespace that this run made, as an endpoint. Disposing removes it with every process in it. */
export class Namespace implements Endpoint {
  readonly kind = 'namespace';
  readonly name: string;
  readonly #settle: () => void;
  #counters: DeviceCounters | null = null;

  private constructor(name: string, settle: () => void) {
    this.name = name;
    this.#settle = settle;
  }

  /**
   * Makes several, each of which may refer to those before it. Either all are there then, or none.
   * @throws TapbenchError `LAB_FAILED`
   */
  static async createAll(ledger: Ledger, wanted: readonly NewNamespace[]): Promise<readonly Namespace[]> {
    await using made = new AsyncDisposableStack();
    const all = wanted.map((plan) => {
      const settle = ledger.note({ kind: 'namespace', name: plan.netns });
      return { plan, namespace: made.use(new Namespace(plan.netns, settle)) };
    });
    try {
      // A process takes some ms: of one namespace one process makes all.
      const isAlone = wanted.length === 1;
      const input = wanted.map(({ netns }) => `netns add ${netns}\n`).join('');
      if (!isAlone) await run(['ip', '-batch', '-'], { deadlineMs, input });
      for (const { plan, namespace } of all) namespace.#counters = await furnish(plan, !isAlone);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TapbenchError('LAB_FAILED', `the network of the trial can't be made: ${said}`, {
        cause,
        hint: 'see what is missing with: tapbench doctor',
      });
    }
    made.move();
    return all.map(({ namespace }) => namespace);
  }

  /** Counters of its devices as they are now: text of /proc/net/dev. */
  deviceCounters(): string {
    if (this.#counters === null) throw new TapbenchError('PROBE_FAILED', `the namespace ${this.name} is gone`);
    return this.#counters.read();
  }

  /** The command with what puts it into the namespace. */
  #inside(argv: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...argv];
  }

  async run(argv: readonly string[], limitMs: number): Promise<ProcessResult> {
    return await run(this.#inside(argv), { deadlineMs: limitMs, acceptsFailure: true });
  }

  /** Starts a process inside, in our session; `ip netns exec` becomes the program, so its pid is the program's. */
  async spawn(argv: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
    return await start(this.#inside(argv), { ...options, session: 'ours' });
  }

  async start(argv: readonly string[]): Promise<RunningCommand> {
    const child = await this.spawn(argv);
    return { pid: child.pid, ended: child.ended, stop: async () => await child.stop() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#counters?.close();
    this.#counters = null;
    await removeNamespace(this.name);
    this.#settle();
  }
}
